using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Unicode;
using StreamScorer.Scoring.Events;

namespace StreamScorer.Engine.Decode;

/// <summary>Reads the located fields of one record as money, texts, numbers and choices. Every method is false for a value that is not allowed.</summary>
/// <param name="value">The record's value.</param>
/// <param name="places">Where the fields lie in it.</param>
/// <param name="scratch">Room for texts with escapes, <see cref="EventDecoder.IdBytesMax"/> per field.</param>
internal readonly ref struct FieldReader(ReadOnlySpan<byte> value, FieldPlaces places, Span<byte> scratch)
{
    // A byte is written as \u and four digits at the most.
    private const int EscapedBytesMax = 6 * EventDecoder.IdBytesMax;
    private readonly ReadOnlySpan<byte> value = value;
    private readonly FieldPlaces places = places;
    private readonly Span<byte> scratch = scratch;

    /// <summary>Whether the event has a field.</summary>
    public bool Has(EventField field) => places.Has(field);

    /// <summary>The bytes of a field as they stand in the record.</summary>
    public ReadOnlySpan<byte> Raw(EventField field) => value.Slice(places[field].Start, places[field].Length);

    /// <summary>Reads an amount of money that is not negative; 0 when absent.</summary>
    public bool TryMoney(EventField field, out long money)
    {
        money = 0;
        return !Has(field) || (places[field].Kind == ValueKind.Number && Money.TryParse(Raw(field), out money) && money >= 0);
    }

    /// <summary>Reads a number; <paramref name="number"/> stays when absent.</summary>
    public bool TryNumber(EventField field, double min, double max, ref double number)
    {
        if (!Has(field))
            return true;
        ReadOnlySpan<byte> raw = Raw(field);
        return places[field].Kind == ValueKind.Number && Utf8Parser.TryParse(raw, out number, out int read) && read == raw.Length
            && number >= min && number <= max;
    }

    /// <summary>Reads a whole number; <paramref name="number"/> stays when absent.</summary>
    public bool TryInteger(EventField field, int min, int max, ref int number)
    {
        // Nearly all are one digit, as the schema's version, or at least written without a fraction: reading a double takes several times as long.
        if (places.KindOf(field) == ValueKind.Number && Raw(field) is [var digit])
        {
            number = digit - '0';
            return number >= min && number <= max;
        }
        if (places.KindOf(field) == ValueKind.Number && Utf8Parser.TryParse(Raw(field), out int whole, out int length)
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
    public bool TryBool(EventField field, out bool value)
    {
        ValueKind kind = places.KindOf(field);
        value = kind == ValueKind.True;
        return kind is ValueKind.None or ValueKind.True or ValueKind.False;
    }

    /// <summary>Reads a text of 1 to <see cref="EventDecoder.IdBytesMax"/> bytes without control characters; empty when absent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryText(EventField field, out ReadOnlySpan<byte> text)
    {
        bool isAbsent = !Has(field);
        text = isAbsent ? value[..0] : places[field].Kind == ValueKind.Ascii ? Raw(field) : OtherText(field);
        return isAbsent || text.Length is > 0 and <= EventDecoder.IdBytesMax;
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

    // Empty when it is not allowed.
    private ReadOnlySpan<byte> OtherText(EventField field)
    {
        ReadOnlySpan<byte> text = places[field].Kind switch
        {
            ValueKind.Text => Raw(field),
            ValueKind.Escaped when places[field].Length <= EscapedBytesMax => Unescaped(field),
            _ => default,
        };
        return text.Length <= EventDecoder.IdBytesMax && Utf8.IsValid(text) ? text : default;
    }

    private ReadOnlySpan<byte> Unescaped(EventField field)
    {
        Span<byte> unescaped = stackalloc byte[EscapedBytesMax];
        try
        {
            ref readonly FieldPlace place = ref places[field];
            var reader = new Utf8JsonReader(value.Slice(place.Start - 1, place.Length + 2));
            reader.Read();
            unescaped = unescaped[..reader.CopyString(unescaped)];
        }
        catch (InvalidOperationException)
        {
            return default;
        }
        // JSON has no control characters but escaped ones.
        if (unescaped.Length > EventDecoder.IdBytesMax || unescaped.ContainsAnyInRange((byte)0, (byte)31))
            return default;
        Span<byte> room = scratch.Slice((int)field * EventDecoder.IdBytesMax, unescaped.Length);
        unescaped.CopyTo(room);
        return room;
    }
}
