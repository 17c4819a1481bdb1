using System.Buffers.Text;
using System.Text;

namespace StreamScorer.Redis.Resp;

/// <summary>Takes replies in the Redis serialization protocol (RESP 2) off a stream. For short replies: a string must fit into the buffer.</summary>
internal sealed class RespReader(Stream stream)
{
    private readonly byte[] buffer = new byte[16 * 1024];
    private int start, end;

    /// <summary>The next reply. The elements of an array follow as replies of their own.</summary>
    /// <exception cref="IOException">The connection ended, or what comes is no reply.</exception>
    public async ValueTask<RespReply> NextAsync(CancellationToken cancellation)
    {
        RespReply reply;
        while (!TryTake(out reply))
            await FillAsync(cancellation);
        return reply;
    }

    private bool TryTake(out RespReply reply)
    {
        reply = default;
        ReadOnlySpan<byte> rest = buffer.AsSpan(start, end - start);
        int line = rest.IndexOf("\r\n"u8);
        if (line < 1)
            return false;
        ReadOnlySpan<byte> text = rest[1..line];
        int taken = line + 2;
        switch (rest[0])
        {
            case (byte)'+':
                reply = new RespReply(RespKind.Status, 0, null);
                break;
            case (byte)'-':
                reply = new RespReply(RespKind.Error, 0, Encoding.UTF8.GetString(text));
                break;
            case (byte)':':
                reply = new RespReply(RespKind.Number, Number(text), null);
                break;
            case (byte)'*':
                reply = new RespReply(RespKind.Array, Number(text), null);
                break;
            case (byte)'$':
                int length = (int)Number(text);
                if (length < 0)
                {
                    reply = new RespReply(RespKind.Text, length, null);
                    break;
                }
                if (rest.Length < taken + length + 2)
                    return false;
                reply = new RespReply(RespKind.Text, length, Encoding.UTF8.GetString(rest.Slice(taken, length)));
                taken += length + 2;
                break;
            default:
                throw new IOException("Redis sent something that is no reply");
        }
        start += taken;
        return true;
    }

    private static long Number(ReadOnlySpan<byte> text) =>
        Utf8Parser.TryParse(text, out long number, out int used) && used == text.Length
            ? number
            : throw new IOException("Redis sent a reply without its length");

    private async ValueTask FillAsync(CancellationToken cancellation)
    {
        buffer.AsSpan(start, end - start).CopyTo(buffer);
        (start, end) = (0, end - start);
        int read = end == buffer.Length ? 0 : await stream.ReadAsync(buffer.AsMemory(end), cancellation);
        if (read == 0)
            throw new IOException("the connection to Redis was lost");
        end += read;
    }
}

/// <summary>Kind of a reply.</summary>
internal enum RespKind
{
    /// <summary>Done, or queued.</summary>
    Status,

    /// <summary>Refused; its text says why.</summary>
    Error,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A string, or none.</summary>
    Text,

    /// <summary>That many replies follow; -1 for none, which is not the same as an empty one.</summary>
    Array,
}

/// <summary>One reply.</summary>
/// <param name="Number">The number, or the length of a string or an array.</param>
/// <param name="Text">Content of a string or an error; null for none.</param>
internal readonly record struct RespReply(RespKind Kind, long Number, string? Text);
