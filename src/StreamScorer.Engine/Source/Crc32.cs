namespace StreamScorer.Engine.Source;

/// <summary>CRC-32 as in zlib, Ethernet and PNG (ISO 3309, reflected polynomial 0xEDB88320).</summary>
public static class Crc32
{
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(n => Step((uint)n))];

    /// <summary>Checksum of <paramref name="bytes"/>; 0 for none.</summary>
    public static uint Hash(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
            crc = Table[(byte)crc ^ b] ^ (crc >> 8);
        return ~crc;
    }

    private static uint Step(uint remainder)
    {
        for (int bit = 0; bit < 8; bit++)
            remainder = (remainder & 1) != 0 ? 0xEDB88320 ^ (remainder >> 1) : remainder >> 1;
        return remainder;
    }
}
