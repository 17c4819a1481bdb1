using System.Runtime.CompilerServices;

namespace StreamScorer.Engine.Decode;

/// <summary>
/// Locates the fields of an object in one pass, for JSON as producers write it: texts without escapes, not nested deeply. Whatever else there is, malformed JSON
/// included, it declines, and <see cref="System.Text.Json.Utf8JsonReader"/> decides; what it accepts, that reader accepts with the same places.
/// </summary>
internal sealed class JsonScanner
{
    private readonly FieldOrder order = new();

    // The outer object's value that is read, when it is a known field's and in brackets.
    private FieldPlace open;
    private EventField openField;

    /// <summary>Locates the fields of the object at a position.</summary>
    /// <param name="json">Padded.</param>
    /// <param name="at">Where the object begins.</param>
    /// <param name="places">Receives the places of known fields that are not null; also when it declines, and then those up to there, which the reader finds again.</param>
    /// <returns>The position behind the object, or <see cref="JsonValue.Declined"/>.</returns>
    public int BehindObject(ReadOnlySpan<byte> json, int at, FieldPlaces places)
    {
        at = JsonValue.Behind(json, at, '{');
        if (at == JsonValue.Declined)
            return JsonValue.Declined;
        openField = EventField.None;
        Nesting nesting = Nesting.Outside.Opened(isArray: false);
        ref Lead lead = ref order.Begin();
        while (true)
        {
            ref Lead next = ref order.Behind(ref lead);
            if (!next.IsAt(json, at, nesting))
            {
                next = ref order.Find(ref lead, json, at, nesting);
                if (Unsafe.IsNullRef(ref next))
                    return JsonValue.Declined;
            }
            lead = ref next;
            nesting = lead.After;
            if (lead.OuterEnd > 0)
            {
                Close(at + lead.OuterEnd, places);
                if (nesting.IsOutside)
                    return at + lead.Length;
            }
            at += lead.Length;
            int start = at + 1;
            if (json[at] == '"')
            {
                at = JsonValue.BehindText(json, start, out bool isAscii);
                places.Set(lead.Field, new FieldPlace(start, at - start - 1, isAscii ? ValueKind.Ascii : ValueKind.Text));
            }
            else if ((uint)(json[at] - '0') <= 9)
            {
                start = at;
                at = JsonValue.BehindDigits(json, at);
                places.Set(lead.Field, new FieldPlace(start, at - start, ValueKind.Number));
            }
            else
                at = BehindOther(json, at, lead.Field, places, ref nesting);
            if (at == JsonValue.Declined)
                return JsonValue.Declined;
        }
    }

    // Mostly no text; of an object or array the bracket.
    private int BehindOther(ReadOnlySpan<byte> json, int at, EventField field, FieldPlaces places, ref Nesting nesting)
    {
        switch (json[at])
        {
            case >= (byte)'0' and <= (byte)'9':
                return Set(places, field, at, JsonValue.BehindDigits(json, at), ValueKind.Number);
            case (byte)'-':
                return Set(places, field, at, JsonValue.BehindDigits(json, at + 1), ValueKind.Number);
            case (byte)'t':
                return Set(places, field, at, JsonValue.BehindLiteral(json, at, "true"u8), ValueKind.True);
            case (byte)'f':
                return Set(places, field, at, JsonValue.BehindLiteral(json, at, "false"u8), ValueKind.False);
            case (byte)'n':
                return JsonValue.BehindLiteral(json, at, "null"u8);
            case (byte)'{' or (byte)'[':
                return Open(json[at] == '[' ? ValueKind.Array : ValueKind.Object, at, field, ref nesting);
            // Blanks follow the lead that were not there last time, and perhaps a text.
            case (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t':
                return BehindOther(json, JsonValue.BehindSpace(json, at), field, places, ref nesting);
            case (byte)'"':
                int end = JsonValue.BehindText(json, at + 1, out _);
                places.Set(field, new FieldPlace(at + 1, end - at - 2, ValueKind.Text));
                return end;
            default:
                return JsonValue.Declined;
        }
    }

    private static int Set(FieldPlaces places, EventField field, int start, int end, ValueKind kind)
    {
        places.Set(field, new FieldPlace(start, end - start, kind));
        return end;
    }

    private int Open(ValueKind kind, int start, EventField field, ref Nesting nesting)
    {
        if (!nesting.HasRoom)
            return JsonValue.Declined;
        nesting = nesting.Opened(kind == ValueKind.Array);
        if (field != EventField.None)
            (openField, open) = (field, new FieldPlace(start, 0, kind));
        return start + 1;
    }

    private void Close(int end, FieldPlaces places)
    {
        if (openField != EventField.None)
            places.Set(openField, open with { Length = end - open.Start });
        openField = EventField.None;
    }
}
