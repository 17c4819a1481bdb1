using System.Text;
using StreamScorer.Scoring.Events;
using Xunit;

namespace StreamScorer.Scoring.Tests.Events;

/// <summary>Vectors of XXH64 itself: of its reference implementation's self-test, and well-known texts.</summary>
public sealed class StableHashTests
{
    private const ulong Prime32 = 2654435761, Prime64 = 11400714785074694797;

    [Theory]
    [InlineData("", 0xEF46DB3751D8E999)]
    [InlineData("a", 0xD24EC4F1A98C6E5B)]
    [InlineData("abc", 0x44BC2CF5AD770999)]
    [InlineData("Nobody inspects the spammish repetition", 0xFBCEA83C8A378BF1)]
    public void A_text_has_its_published_hash(string text, ulong hash) => Assert.Equal(hash, StableHash.Of(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData(0, 0, 0xEF46DB3751D8E999)]
    [InlineData(0, Prime32, 0xAC75FDA2929B17EF)]
    [InlineData(1, 0, 0xE934A84ADB052768)]
    [InlineData(1, Prime32, 0x5014607643A9B4C3)]
    [InlineData(4, 0, 0x9136A0DCA57457EE)]
    [InlineData(14, 0, 0x8282DCC4994E35C8)]
    [InlineData(14, Prime32, 0xC3BD6BF63DEB6DF0)]
    [InlineData(222, 0, 0xB641AE8CB691C174)]
    [InlineData(222, Prime32, 0x20CB8AB7AE10C14A)]
    public void The_self_test_of_the_reference_implementation_passes(int length, ulong seed, ulong hash) =>
        Assert.Equal(hash, StableHash.Of(SelfTestBytes()[..length], seed));

    private static byte[] SelfTestBytes()
    {
        byte[] bytes = new byte[222];
        ulong generator = Prime32;
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)(generator >> 56);
            generator *= Prime64;
        }
        return bytes;
    }
}
