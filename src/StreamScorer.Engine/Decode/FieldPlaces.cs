namespace StreamScorer.Engine.Decode;

/// <summary>What the value of a field is.</summary>
internal enum ValueKind : byte
{
    /// <summary>There is none, or it is null.</summary>
    None,

    /// <summary>A text of ASCII without escapes, and so valid UTF-8.</summary>
    Ascii,

    /// <summary>A text without escapes.</summary>
    Text,

    /// <summary>A text with escapes.</summary>
    Escaped,
    Number,
    True,
    False,
    Object,
    Array,
}

/// <summary>Where the value of a field lies in the record.</summary>
/// <param name="Start">First byte; behind the quote of a text.</param>
/// <param name="Length">Bytes; without the quotes of a text.</param>
/// <param name="Kind">What it is.</param>
internal readonly record struct FieldPlace(int Start, int Length, ValueKind Kind);

/// <summary>Where each field of one record lies. Re-used from record to record, because clearing all places would cost more than setting a few.</summary>
internal sealed class FieldPlaces
{
    /// <summary>Number of fields; the first is that of unknown ones.</summary>
    public const int Count = (int)EventField.Date + 1;

    private readonly FieldPlace[] places = new FieldPlace[Count];
    private uint located;

    /// <summary>The field's place; meaningless when it is absent.</summary>
    public ref readonly FieldPlace this[EventField field] => ref places[(int)field];

    /// <summary>What the field's value is; none when it is absent.</summary>
    public ValueKind KindOf(EventField field) => Has(field) ? places[(int)field].Kind : ValueKind.None;

    /// <summary>Whether the field is there and not null.</summary>
    public bool Has(EventField field) => (located & (1u << (int)field)) != 0;

    /// <summary>Forgets all.</summary>
    public void Clear() => located = 0;

    /// <summary>Sets the place of a field; the last one counts.</summary>
    public void Set(EventField field, FieldPlace place)
    {
        places[(int)field] = place;
        located |= 1u << (int)field;
    }
}
