using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace StreamScorer.Redis;

/// <summary>
/// Commands in the Redis serialization protocol (RESP 2): an array of length-prefixed strings each. One buffer for all of them, kept for the next.
/// </summary>
internal sealed class RespWriter
{
    private const int LineBytesMax = 24, FirstBytes = 4 * 1024, KeptBytesMax = 4 << 20;
    private ArrayBufferWriter<byte> buffer = new(FirstBytes);

    /// <summary>Everything since <see cref="Clear"/>.</summary>
    public ReadOnlyMemory<byte> Written => buffer.WrittenMemory;

    /// <summary>Begins anew. What one unusual commit has needed is not kept.</summary>
    public void Clear()
    {
        buffer.ResetWrittenCount();
        if (buffer.Capacity > KeptBytesMax)
            buffer = new ArrayBufferWriter<byte>(FirstBytes);
    }

    /// <summary>Begins a command; that many arguments must follow.</summary>
    public RespWriter Command(string name, int arguments)
    {
        Line((byte)'*', arguments + 1);
        return Add(name);
    }

    /// <summary>A command with all its arguments.</summary>
    public RespWriter Command(string name, IReadOnlyList<string> arguments)
    {
        Command(name, arguments.Count);
        foreach (string argument in arguments)
            Add(argument);
        return this;
    }

    /// <summary>An argument as it is.</summary>
    public RespWriter Add(ReadOnlySpan<byte> argument)
    {
        Line((byte)'$', argument.Length);
        Span<byte> block = buffer.GetSpan(argument.Length + 2);
        argument.CopyTo(block);
        "\r\n"u8.CopyTo(block[argument.Length..]);
        buffer.Advance(argument.Length + 2);
        return this;
    }

    /// <summary>An argument in text.</summary>
    public RespWriter Add(string argument)
    {
        int length = Encoding.UTF8.GetByteCount(argument);
        Line((byte)'$', length);
        Span<byte> block = buffer.GetSpan(length + 2);
        Encoding.UTF8.GetBytes(argument, block);
        "\r\n"u8.CopyTo(block[length..]);
        buffer.Advance(length + 2);
        return this;
    }

    /// <summary>A number, in decimal.</summary>
    public RespWriter Add(long argument)
    {
        Span<byte> digits = stackalloc byte[LineBytesMax];
        _ = Utf8Formatter.TryFormat(argument, digits, out int length);
        return Add(digits[..length]);
    }

    private void Line(byte kind, int number)
    {
        Span<byte> line = buffer.GetSpan(LineBytesMax);
        line[0] = kind;
        _ = Utf8Formatter.TryFormat(number, line[1..], out int digits);
        "\r\n"u8.CopyTo(line[(1 + digits)..]);
        buffer.Advance(digits + 3);
    }
}
