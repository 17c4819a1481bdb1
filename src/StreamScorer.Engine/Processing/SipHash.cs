using System.Buffers.Binary;
using System.Numerics;

namespace StreamScorer.Engine.Processing;

/// <summary>
/// SipHash-2-4 (Aumasson and Bernstein 2012): a keyed hash that cannot be turned back or forged without the key, and is fast on short inputs.
/// </summary>
public static class SipHash
{
    /// <summary>The hash of <paramref name="bytes"/> under a key of 128 bits, read little-endian as in the paper.</summary>
    public static ulong Of(ReadOnlySpan<byte> bytes, UInt128 key)
    {
        ulong k0 = (ulong)key, k1 = (ulong)(key >> 64);
        ulong v0 = k0 ^ 0x736f6d6570736575, v1 = k1 ^ 0x646f72616e646f6d, v2 = k0 ^ 0x6c7967656e657261, v3 = k1 ^ 0x7465646279746573;
        ulong last = (ulong)bytes.Length << 56;
        for (; bytes.Length >= 8; bytes = bytes[8..])
            Compress(BinaryPrimitives.ReadUInt64LittleEndian(bytes), ref v0, ref v1, ref v2, ref v3);
        for (int i = 0; i < bytes.Length; i++)
            last |= (ulong)bytes[i] << (8 * i);
        Compress(last, ref v0, ref v1, ref v2, ref v3);
        v2 ^= 0xff;
        for (int round = 0; round < 4; round++)
            Round(ref v0, ref v1, ref v2, ref v3);
        return v0 ^ v1 ^ v2 ^ v3;
    }

    private static void Compress(ulong word, ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3)
    {
        v3 ^= word;
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        v0 ^= word;
    }

    private static void Round(ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3)
    {
        v0 += v1;
        v1 = BitOperations.RotateLeft(v1, 13) ^ v0;
        v0 = BitOperations.RotateLeft(v0, 32);
        v2 += v3;
        v3 = BitOperations.RotateLeft(v3, 16) ^ v2;
        v0 += v3;
        v3 = BitOperations.RotateLeft(v3, 21) ^ v0;
        v2 += v1;
        v1 = BitOperations.RotateLeft(v1, 17) ^ v2;
        v2 = BitOperations.RotateLeft(v2, 32);
    }
}
