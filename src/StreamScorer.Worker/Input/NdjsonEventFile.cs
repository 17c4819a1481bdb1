using System.Text.Json;

namespace StreamScorer.Worker.Input;

/// <summary>One event JSON a line, as on the <c>transactions</c> topic. Lines are passed on as they are; only the key and the time are looked at.</summary>
public sealed class NdjsonEventFile : EventFile
{
    private readonly Stream content;
    private byte[] buffer = new byte[64 * 1024];
    private int start;
    private int end;
    private ReadOnlyMemory<byte> line;
    private byte[] key = [];
    private long? timeUnixMs;

    /// <summary>Opens the file.</summary>
    public NdjsonEventFile(string path)
        : base(path)
    {
        content = OpenContent();
    }

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Key => key;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Value => line;

    /// <inheritdoc/>
    public override long? TimeUnixMs => timeUnixMs;

    /// <inheritdoc/>
    public override bool Read()
    {
        do
        {
            if (!TryReadLine())
                return false;
        }
        while (line.Span.IndexOfAnyExcept(" \t\r"u8) < 0);
        (key, timeUnixMs) = ([], null);
        try
        {
            FindKeyAndTime();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The engine dead-letters the line; what was found before the mistake stays.
        }
        return true;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => content.Dispose();

    private bool TryReadLine()
    {
        int scanned = start;
        while (true)
        {
            int newline = buffer.AsSpan(scanned, end - scanned).IndexOf((byte)'\n');
            if (newline >= 0)
            {
                line = buffer.AsMemory(start, scanned + newline - start);
                start = scanned + newline + 1;
                return true;
            }
            scanned = end - start;
            MakeRoom();
            int read = content.Read(buffer, end, buffer.Length - end);
            if (read == 0)
            {
                line = buffer.AsMemory(start, end - start);
                start = end;
                return !line.IsEmpty;
            }
            end += read;
        }
    }

    /// <summary>Moves the unfinished line to the beginning, and doubles the buffer when that line fills it.</summary>
    private void MakeRoom()
    {
        byte[] target = end - start == buffer.Length ? new byte[buffer.Length * 2] : buffer;
        buffer.AsSpan(start, end - start).CopyTo(target);
        (buffer, end, start) = (target, end - start, 0);
    }

    /// <summary>Those of the event itself, or of the <c>data</c> of a CloudEvent, which win.</summary>
    private void FindKeyAndTime()
    {
        var reader = new Utf8JsonReader(line.Span);
        bool keyIsFromData = false, timeIsFromData = false;
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
                continue;
            bool isCustomer = reader.ValueTextEquals("customerId"u8);
            bool isTime = reader.ValueTextEquals("time"u8);
            bool isData = reader.CurrentDepth == 1 && reader.ValueTextEquals("data"u8);
            bool inData = reader.CurrentDepth == 2;
            reader.Read();
            if (isCustomer && reader.TokenType == JsonTokenType.String && (inData || !keyIsFromData))
                (key, keyIsFromData) = (System.Text.Encoding.UTF8.GetBytes(reader.GetString()!), inData);
            else if (isTime && reader.TokenType == JsonTokenType.String && (inData || !timeIsFromData) && EventTime.TryParse(reader.ValueSpan, out DateTime utc))
                (timeUnixMs, timeIsFromData) = (EventTime.ToUnixMs(utc), inData);
            else if (!isData)
                reader.Skip();
        }
    }
}
