using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace StreamScorer.Worker.Input;

/// <summary>Writes the event JSON of the <c>transactions</c> topic into a buffer of its own that is used again for the next event.</summary>
public sealed class EventJson : IDisposable
{
    private static readonly JsonEncodedText customerIdName = JsonEncodedText.Encode("customerId");
    private static readonly JsonEncodedText idName = JsonEncodedText.Encode("id");
    private static readonly JsonEncodedText timeName = JsonEncodedText.Encode("time");
    private static readonly JsonEncodedText typeName = JsonEncodedText.Encode("type");
    private static readonly JsonEncodedText amountName = JsonEncodedText.Encode("amount");
    private static readonly JsonEncodedText costName = JsonEncodedText.Encode("cost");
    private static readonly JsonEncodedText costReturnedName = JsonEncodedText.Encode("costReturned");

    private readonly ArrayBufferWriter<byte> buffer = new(512);
    private readonly Utf8JsonWriter writer;

    /// <summary>Creates a writer with an empty buffer.</summary>
    public EventJson()
    {
        // Relaxed: the bytes go to a topic, never into HTML, and an escaped id would not be the bytes of the record's key.
        writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
    }

    /// <summary>The finished event.</summary>
    public ReadOnlyMemory<byte> Written => buffer.WrittenMemory;

    /// <summary>Starts an event with the fields that all have.</summary>
    public void Begin(ReadOnlySpan<byte> customerId, ReadOnlySpan<byte> id, DateTime utc, ReadOnlySpan<byte> type)
    {
        buffer.ResetWrittenCount();
        writer.Reset(buffer);
        writer.WriteStartObject();
        writer.WriteString(customerIdName, customerId);
        writer.WriteString(idName, id);
        Span<byte> time = stackalloc byte[EventTime.FormattedLengthMax];
        writer.WriteString(timeName, time[..EventTime.Format(utc, time)]);
        writer.WriteString(typeName, type);
    }

    /// <summary>Money, at most four decimals.</summary>
    public void Amount(decimal amount) => writer.WriteNumber(amountName, amount);

    /// <summary>Cost of what was sold, or of what came back.</summary>
    public void Cost(decimal cost, bool returned) => writer.WriteNumber(returned ? costReturnedName : costName, cost);

    /// <summary>A field that is copied as text.</summary>
    public void Text(string name, ReadOnlySpan<byte> value) => writer.WriteString(name, value);

    /// <summary>A field that is copied as a number, or as text when it is none, so that the engine names it when it refuses it.</summary>
    public void Number(string name, ReadOnlySpan<byte> value)
    {
        if (decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number))
            writer.WriteNumber(name, number);
        else
            writer.WriteString(name, value);
    }

    /// <summary>Ends the event.</summary>
    public void End()
    {
        writer.WriteEndObject();
        writer.Flush();
    }

    /// <inheritdoc/>
    public void Dispose() => writer.Dispose();
}
