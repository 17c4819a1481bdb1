using System.Buffers.Text;

namespace StreamScorer.Redis;

/// <summary>
/// Reads replies of Redis (RESP 2) off a stream as spans of its buffer: nothing is copied, and what has arrived of a reply is never read twice. What a method
/// returns false for has not arrived whole: <see cref="FillAsync"/>, then again. Not safe for concurrent use.
/// </summary>
internal sealed class RespReader(Stream stream, int bufferBytes)
{
    private const int LineEnd = 2;
    private byte[] buffer = new byte[bufferBytes];
    private int start;
    private int end;

    /// <summary>Whether all that has arrived was read.</summary>
    public bool IsEmpty => start == end;

    /// <summary>Makes room for that much to arrive at once, or gives back what replies above that size have needed. Does nothing while something is unread.</summary>
    public void Resize(int bytes)
    {
        if (IsEmpty && buffer.Length != bytes)
            (buffer, start, end) = (new byte[bytes], 0, 0);
    }

    /// <summary>Waits for more bytes. Spans that were read before are no longer valid.</summary>
    /// <exception cref="IOException">The connection was lost.</exception>
    public async ValueTask FillAsync(CancellationToken cancellation)
    {
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
        }
        else if (end == buffer.Length)
        {
            Array.Resize(ref buffer, buffer.Length * 2);
        }
        int read = await stream.ReadAsync(buffer.AsMemory(end), cancellation);
        if (read == 0)
            throw new IOException("the connection to Redis was lost");
        end += read;
    }

    /// <summary>The number of elements of an array that begins here.</summary>
    public bool TryReadArray(out int count) => TryReadNumber((byte)'*', start, out count, out int next) && Move(next);

    /// <summary>A text.</summary>
    public bool TryReadText(out ReadOnlySpan<byte> text)
    {
        if (!TryReadText(start, out text, out int next))
            return false;
        return Move(next);
    }

    /// <summary>Two texts in a row.</summary>
    public bool TryReadTexts(out ReadOnlySpan<byte> first, out ReadOnlySpan<byte> second)
    {
        second = default;
        if (!TryReadText(start, out first, out int between) || !TryReadText(between, out second, out int next))
            return false;
        return Move(next);
    }

    /// <summary>A reply of any kind but an error. Of an array it is the beginning.</summary>
    /// <exception cref="RespRefusal">The server refused.</exception>
    /// <exception cref="IOException">This is no reply.</exception>
    public bool TryReadReply(out RespReply reply)
    {
        reply = default;
        int line = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
        if (line < 0)
            return false;
        byte type = buffer[start];
        if (type == '+')
            return Move(start + line + 1);
        if (type == '$' && buffer[start + 1] != '-')
        {
            if (!TryReadText(out ReadOnlySpan<byte> text))
                return false;
            reply = new RespReply(text.Length, text.ToArray());
            return true;
        }
        if (type is not ((byte)'*' or (byte)'$'))
            RequireType((byte)':', start);
        if (line < LineEnd || !Utf8Parser.TryParse(buffer.AsSpan(start + 1, line - LineEnd), out long number, out int digits) || digits != line - LineEnd)
            throw new IOException("Redis answered what the protocol does not have");
        reply = new RespReply(number, null) { IsArray = type == '*' };
        return Move(start + line + 1);
    }

    private bool Move(int next)
    {
        start = next;
        return true;
    }

    private bool TryReadText(int from, out ReadOnlySpan<byte> text, out int next)
    {
        text = default;
        if (!TryReadNumber((byte)'$', from, out int length, out next) || end - next < length + LineEnd)
            return false;
        text = buffer.AsSpan(next, length);
        next += length + LineEnd;
        return true;
    }

    private bool TryReadNumber(byte type, int from, out int number, out int next)
    {
        (number, next) = (0, 0);
        ReadOnlySpan<byte> arrived = buffer.AsSpan(from, end - from);
        int line = arrived.IndexOf((byte)'\n');
        if (line < 0)
            return false;
        RequireType(type, from);
        if (!Utf8Parser.TryParse(arrived[1..line], out number, out int digits) || digits != line - LineEnd || number < 0)
            throw new IOException("Redis answered what the protocol does not have");
        next = from + line + 1;
        return true;
    }

    private void RequireType(byte type, int from)
    {
        if (buffer[from] == type)
            return;
        ReadOnlySpan<byte> arrived = buffer.AsSpan(from, end - from);
        string line = System.Text.Encoding.UTF8.GetString(arrived[..arrived.IndexOf((byte)'\n')].TrimEnd((byte)'\r'));
        throw line.StartsWith('-') ? new RespRefusal(line[1..]) : new IOException("Redis answered what the protocol does not have");
    }
}
