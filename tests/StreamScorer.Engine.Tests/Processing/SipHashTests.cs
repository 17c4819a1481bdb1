using StreamScorer.Engine.Processing;

namespace StreamScorer.Engine.Tests.Processing;

public sealed class SipHashTests
{
    // Appendix A of the paper, and the reference implementation's vectors: key 00 01 .. 0f, input 00 01 02 ..
    [Theory]
    [InlineData(0, 0x726fdb47dd0e0e31)]
    [InlineData(1, 0x74f839c593dc67fd)]
    [InlineData(8, 0x93f5f5799a932462)]
    [InlineData(15, 0xa129ca6149be45e5)]
    public void Published_vectors_are_reproduced(int length, ulong expected)
    {
        byte[] input = [.. Enumerable.Range(0, length).Select(i => (byte)i)];
        Assert.Equal(expected, SipHash.Of(input, new UInt128(0x0f0e0d0c0b0a0908, 0x0706050403020100)));
    }
}
