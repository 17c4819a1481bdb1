using System.Buffers.Text;
using System.Text.Json;
using System.Text.Unicode;
using StreamScorer.Scoring.Events;

namespace StreamScorer.Engine.Decode;

/// <summary>Reads the located fields of one record as money, texts, numbers and choices. Every method is false for a value that is not allowed.</summary>
/// <param name="value">The record's value.</param>
/// <param name="scratch">Room for texts with escapes.</param>
internal ref struct FieldReader(ReadOnlySpan<byte> value, Span<byte> scratch)
{
    private readonly ReadOnlySpan<byte> value = value;
    private Span<byte> scratch = scratch;

    /// <summary>Where the fields lie.</summary>
    public FieldPlaces Places;

    /// <summary>Base-currency value of one unit of the event's currency; 0 when it is in base currency.</summary>
    public decimal Rate;

    /// <summary>Whether the event has a field.</summary>
    public readonly bool Has(EventField field) => Places[(int)field].Token != JsonTokenType.None;

    /// <summary>The bytes of a field as they stand in the record.</summary>
    public readonly ReadOnlySpan<byte> Raw(EventField field) => value.Slice(Places[(int)field].Start, Places[(int)field].Length);

    /// <summary>Reads an amount of money into base currency; 0 when absent.</summary>
    public readonly bool TryMoney(EventField field, out long money)
    {
        money = 0;
        if (!Has(field))
            return true;
        if (Places[(int)field].Token != JsonTokenType.Number || !Money.TryParse(Raw(field), out money) || money < 0)
            return false;
        if (Rate == 0)
            return true;
        decimal converted = Math.Round(money * Rate, MidpointRounding.ToEven);
        bool fits = converted <= Money.AmountMax;
        money = fits ? (long)converted : 0;
        return fits;
    }

    /// <summary>Reads a number; <paramref name="number"/> stays when absent.</summary>
    public readonly bool TryNumber(EventField field, double min, double max, ref double number)
    {
        if (!Has(field))
            return true;
        ReadOnlySpan<byte> raw = Raw(field);
        return Places[(int)field].Token == JsonTokenType.Number && Utf8Parser.TryParse(raw, out number, out int read) && read == raw.Length
            && number >= min && number <= max;
    }

    /// <summary>Reads a whole number; <paramref name="number"/> stays when absent.</summary>
    public readonly bool TryInteger(EventField field, int min, int max, ref int number)
    {
        // Nearly all are written without a fraction, and reading a double takes several times as long.
        if (Places[(int)field].Token == JsonTokenType.Number && Utf8Parser.TryParse(Raw(field), out int whole, out int length)
            && length == Raw(field).Length)
        {
            number = whole;
            return whole >= min && whole <= max;
        }
        double read = number;
        if (!TryNumber(field, min, max, ref read) || read != Math.Floor(read))
            return false;
        number = (int)read;
        return true;
    }

    /// <summary>Reads true or false; false when absent.</summary>
    public readonly bool TryBool(EventField field, out bool value)
    {
        JsonTokenType token = Places[(int)field].Token;
        value = token == JsonTokenType.True;
        return token is JsonTokenType.None or JsonTokenType.True or JsonTokenType.False;
    }

    /// <summary>Reads a text of 1 to <see cref="EventDecoder.IdBytesMax"/> bytes without control characters; empty when absent.</summary>
    public bool TryText(EventField field, out ReadOnlySpan<byte> text)
    {
        text = default;
        FieldPlace place = Places[(int)field];
        if (place.Token == JsonTokenType.None)
            return true;
        if (place.Token != JsonTokenType.String || place.Length > 6 * EventDecoder.IdBytesMax)
            return false;
        // JSON has no control characters but escaped ones.
        if (!place.IsEscaped)
        {
            text = Raw(field);
            return text.Length is > 0 and <= EventDecoder.IdBytesMax && (place.IsAscii || Utf8.IsValid(text));
        }
        return TryUnescape(place, out text) && text.Length is > 0 and <= EventDecoder.IdBytesMax && !text.ContainsAnyInRange((byte)0, (byte)31)
            && Utf8.IsValid(text);
    }

    /// <summary>Reads one of several names; <paramref name="choice"/> is its place among them, from 1, or 0 when absent.</summary>
    public bool TryChoice(EventField field, ReadOnlySpan<byte[]> names, out int choice)
    {
        choice = 0;
        if (!Has(field))
            return true;
        if (!TryText(field, out ReadOnlySpan<byte> text))
            return false;
        for (int i = 0; i < names.Length; i++)
        {
            if (!text.SequenceEqual(names[i]))
                continue;
            choice = i + 1;
            return true;
        }
        return false;
    }

    /// <summary>Reads a date-time with an offset.</summary>
    public bool TryTime(EventField field, out long unixMs)
    {
        unixMs = 0;
        return TryText(field, out ReadOnlySpan<byte> text) && Rfc3339.TryReadTime(text, out unixMs);
    }

    private bool TryUnescape(FieldPlace place, out ReadOnlySpan<byte> text)
    {
        Span<byte> unescaped = stackalloc byte[6 * EventDecoder.IdBytesMax];
        text = default;
        try
        {
            var reader = new Utf8JsonReader(value.Slice(place.Start - 1, place.Length + 2));
            reader.Read();
            int length = reader.CopyString(unescaped);
            if (length > scratch.Length)
                return false;
            unescaped[..length].CopyTo(scratch);
            text = scratch[..length];
            scratch = scratch[length..];
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
