using System.Buffers.Text;
using System.Text;

namespace StreamScorer.Redis;

/// <summary>
/// Commands in the Redis serialization protocol (RESP 2): an array of length-prefixed strings each. One buffer for all of them, kept for the next.
/// </summary>
internal sealed class RespWriter
{
    private const int LineBytesMax = 24, FirstBytes = 4 * 1024, KeptBytesMax = 4 << 20;
    private byte[] buffer = new byte[FirstBytes];
    private int used;

    /// <summary>Everything since <see cref="Clear"/>.</summary>
    public ReadOnlyMemory<byte> Written => buffer.AsMemory(0, used);

    /// <summary>Begins anew. What one unusual commit has needed is not kept.</summary>
    public void Clear()
    {
        used = 0;
        if (buffer.Length > KeptBytesMax)
            buffer = new byte[FirstBytes];
    }

    /// <summary>Begins a command; that many arguments must follow.</summary>
    public RespWriter Command(string name, int arguments)
    {
        used += Line(Room(LineBytesMax), (byte)'*', arguments + 1);
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
        argument.CopyTo(AddRoom(argument.Length));
        return this;
    }

    /// <summary>An argument of a length, to be filled in before anything else is added.</summary>
    public Span<byte> AddRoom(int length)
    {
        Span<byte> room = Room(LineBytesMax + length + 2);
        int at = Line(room, (byte)'$', length);
        "\r\n"u8.CopyTo(room[(at + length)..]);
        used += at + length + 2;
        return room.Slice(at, length);
    }

    /// <summary>An argument in text.</summary>
    public RespWriter Add(string argument)
    {
        Encoding.UTF8.GetBytes(argument, AddRoom(Encoding.UTF8.GetByteCount(argument)));
        return this;
    }

    /// <summary>A number, in decimal.</summary>
    public RespWriter Add(long argument)
    {
        Span<byte> digits = stackalloc byte[LineBytesMax];
        _ = Utf8Formatter.TryFormat(argument, digits, out int length);
        return Add(digits[..length]);
    }

    // Returns the length of the line.
    private static int Line(Span<byte> target, byte kind, int number)
    {
        target[0] = kind;
        _ = Utf8Formatter.TryFormat(number, target[1..], out int digits);
        "\r\n"u8.CopyTo(target[(1 + digits)..]);
        return digits + 3;
    }

    private Span<byte> Room(int bytes)
    {
        if (buffer.Length - used < bytes)
            Array.Resize(ref buffer, Math.Max(buffer.Length * 2, used + bytes));
        return buffer.AsSpan(used);
    }
}
