using System.Buffers.Text;
using System.Text.Unicode;
using CsvHelper;

namespace StreamScorer.Worker.Input;

/// <summary>
/// RFC 4180 with a header row; the separator is found from the first lines. A quote that never closes would swallow the rest of the file, so a
/// record that spans lines and makes no event is read again line by line, and so is everything after it.
/// </summary>
public sealed class CsvEventFile : EventFile
{
    // A quoted field of several lines is a comment of a few sentences; beyond this it is a stray quote.
    private const int MultiLineRecordBytesMax = 64 * 1024;

    private readonly EventJson json = new();
    private readonly CsvColumns columns;
    private CsvReader reader;
    private bool linesAreRecords;
    private bool quoteIsOpen;
    private long readerStart;
    private long nextOffset;
    private long row;
    private bool isEvent;
    private byte[] original = [];
    private int originalLength;
    private byte[] key = [];
    private int keyLength;
    private DateTime time;

    /// <summary>Opens the file and finds its columns.</summary>
    /// <exception cref="EventFileException">A column that every event needs is missing.</exception>
    public CsvEventFile(string path, ColumnMap map)
        : base(path)
    {
        reader = CsvReader.Create(OpenContent(), Options() with { MaxRecordSize = MultiLineRecordBytesMax });
        columns = CsvColumns.Find(reader, map, path);
    }

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Key => key.AsMemory(0, keyLength);

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Value => isEvent ? json.Written : original.AsMemory(0, originalLength);

    /// <inheritdoc/>
    public override long? TimeUnixMs => isEvent ? EventTime.ToUnixMs(time) : null;

    /// <inheritdoc/>
    public override bool Read()
    {
        while (TryReadRow(out bool moved))
        {
            if (!moved)
                continue;
            row++;
            Keep(ref key, out keyLength, reader.GetSpan(columns.Customer));
            isEvent = !quoteIsOpen && Utf8.IsValid(reader.RawRecord) && TryWriteEvent();
            if (isEvent || linesAreRecords || reader.RawRecord.IndexOfAny((byte)'\n', (byte)'\r') < 0)
            {
                Keep(ref original, out originalLength, isEvent ? default : reader.RawRecord);
                nextOffset = readerStart + reader.ByteOffset + reader.RawRecord.Length;
                return true;
            }
            row--;
            ReadLineByLineFrom(nextOffset);
        }
        return false;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        reader.Dispose();
        json.Dispose();
    }

    /// <summary>False at the end; <paramref name="moved"/> false when the reader was replaced and has to be asked again.</summary>
    private bool TryReadRow(out bool moved)
    {
        try
        {
            quoteIsOpen = false;
            return moved = reader.Read();
        }
        catch (CsvFormatException) when (!linesAreRecords)
        {
            moved = false;
            ReadLineByLineFrom(nextOffset);
            return true;
        }
    }

    private void ReadLineByLineFrom(long offset)
    {
        CsvReaderOptions options = Options() with { Separator = reader.Separator, HasHeader = offset == 0, AllowLineBreaksInQuotes = false };
        reader.Dispose();
        Stream content = OpenContent();
        Skip(content, offset);
        reader = CsvReader.Create(content, options);
        readerStart = offset;
        linesAreRecords = true;
    }

    /// <summary>A stray quote within a field is kept as text; one that opens a field and does not close it makes the record unusable.</summary>
    private CsvReaderOptions Options() => new()
    {
        TrimWhitespace = true,
        OnMalformedRecord = fault => quoteIsOpen |= fault.Reason is CsvMalformedReason.UnterminatedQuote or CsvMalformedReason.LineBreakInQuotes,
    };

    private bool TryWriteEvent()
    {
        if (keyLength == 0 || !EventTime.TryParse(reader.GetSpan(columns.Time), out time) || (columns.Id >= 0 && reader.IsEmpty(columns.Id)))
            return false;
        ReadOnlySpan<byte> kind = columns.Kind < 0 ? default : reader.GetSpan(columns.Kind);
        bool isPurchase = kind.IsEmpty || kind.SequenceEqual("sale"u8) || kind.SequenceEqual("purchase"u8);
        bool isRefund = kind.SequenceEqual("return"u8) || kind.SequenceEqual("refund"u8);
        bool hasAmount = TryReadAmount(out decimal amount);
        if (((isPurchase || isRefund) && !hasAmount) || !TryReadCost(out decimal cost))
            return false;
        isRefund |= isPurchase && amount < 0;

        Span<byte> rowId = stackalloc byte[20];
        Utf8Formatter.TryFormat(row, rowId, out int rowIdLength);
        json.Begin(
            Key.Span,
            columns.Id < 0 ? rowId[..rowIdLength] : reader.GetSpan(columns.Id),
            time,
            isRefund ? "refund"u8 : isPurchase ? "purchase"u8 : kind);
        if (hasAmount)
            json.Amount(isRefund ? Math.Abs(amount) : amount);
        if (cost != 0)
            json.Cost(isRefund ? Math.Abs(cost) : cost, returned: isRefund);
        foreach ((EventField field, int column) in columns.Copied)
            Copy(field, reader.GetSpan(column));
        json.End();
        return true;
    }

    private void Copy(EventField field, ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
            return;
        if (field.IsNumber)
            json.Number(field.JsonName!, value);
        else
            json.Text(field.JsonName!, value);
    }

    private bool TryReadAmount(out decimal amount) =>
        columns.Amount >= 0
            ? CsvNumber.TryParse(reader.GetSpan(columns.Amount), out amount)
            : CsvNumber.TryMultiply(reader.GetSpan(columns.Quantity), reader.GetSpan(columns.UnitPrice), out amount);

    /// <summary>False when there is a cost that is no number; a missing one is 0.</summary>
    private bool TryReadCost(out decimal cost)
    {
        cost = 0;
        return columns.Cost < 0 || reader.IsEmpty(columns.Cost) || CsvNumber.TryParse(reader.GetSpan(columns.Cost), out cost);
    }

    private static void Keep(ref byte[] buffer, out int length, ReadOnlySpan<byte> bytes)
    {
        if (buffer.Length < bytes.Length)
            buffer = new byte[Math.Max(bytes.Length, buffer.Length * 2)];
        bytes.CopyTo(buffer);
        length = bytes.Length;
    }

    private static void Skip(Stream stream, long bytes)
    {
        if (stream.CanSeek)
        {
            stream.Position = bytes;
            return;
        }
        byte[] discarded = new byte[64 * 1024];
        while (bytes > 0)
        {
            int read = stream.Read(discarded, 0, (int)Math.Min(bytes, discarded.Length));
            if (read == 0)
                return;
            bytes -= read;
        }
    }
}
