namespace StreamScorer.Engine.Source;

/// <summary>The <c>traceparent</c> header of W3C Trace Context (2021, section 3.2): <c>00-TRACEID-PARENTID-FLAGS</c> in small hexadecimal digits.</summary>
public static class TraceParent
{
    /// <summary>Name of the header, on the input as on the output.</summary>
    public const string Header = "traceparent";

    /// <summary>Bytes of a value of version 00.</summary>
    public const int Length = 55;

    /// <summary>The value among packed headers; empty when there is none or when it is not of version 00.</summary>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> packedHeaders)
    {
        ReadOnlySpan<byte> value = RecordHeaders.Find(packedHeaders, "traceparent"u8);
        return IsWellFormed(value) ? value : default;
    }

    private static bool IsWellFormed(ReadOnlySpan<byte> value)
    {
        if (value.Length != Length || !value.StartsWith("00-"u8) || value[35] != '-' || value[52] != '-')
            return false;
        return IsHex(value[3..35]) && IsHex(value[36..52]) && IsHex(value[53..])
            && value[3..35].ContainsAnyExcept((byte)'0') && value[36..52].ContainsAnyExcept((byte)'0');
    }

    private static bool IsHex(ReadOnlySpan<byte> digits) => !digits.ContainsAnyExcept("0123456789abcdef"u8);
}
