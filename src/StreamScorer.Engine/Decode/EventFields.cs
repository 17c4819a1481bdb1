namespace StreamScorer.Engine.Decode;

/// <summary>Fields of an event that the decoder reads; everything else is skipped.</summary>
[Flags]
internal enum EventFields
{
    None = 0,
    CustomerId = 1,
    Id = 2,
    Time = 4,
    Type = 8,
    Amount = 16,
    Cost = 32,
    CostReturned = 64,
    Category = 128,
    Currency = 256,
    SpecVersion = 512,
    Data = 1024,
    SchemaVersion = 2048,
}

/// <summary>Names of the fields in JSON.</summary>
internal static class EventFieldNames
{
    /// <summary>The field with this UTF-8 name, or none.</summary>
    public static EventFields Of(ReadOnlySpan<byte> name) => name.Length switch
    {
        2 when name.SequenceEqual("id"u8) => EventFields.Id,
        4 when name.SequenceEqual("time"u8) => EventFields.Time,
        4 when name.SequenceEqual("type"u8) => EventFields.Type,
        4 when name.SequenceEqual("cost"u8) => EventFields.Cost,
        4 when name.SequenceEqual("data"u8) => EventFields.Data,
        6 when name.SequenceEqual("amount"u8) => EventFields.Amount,
        8 when name.SequenceEqual("category"u8) => EventFields.Category,
        8 when name.SequenceEqual("currency"u8) => EventFields.Currency,
        10 when name.SequenceEqual("customerId"u8) => EventFields.CustomerId,
        11 when name.SequenceEqual("specversion"u8) => EventFields.SpecVersion,
        12 when name.SequenceEqual("costReturned"u8) => EventFields.CostReturned,
        13 when name.SequenceEqual("schemaVersion"u8) => EventFields.SchemaVersion,
        _ => EventFields.None,
    };

    /// <summary>The event type with this UTF-8 name; null when there is none. A CloudEvents type counts by its last dotted part.</summary>
    public static Scoring.Events.EventType? TypeOf(ReadOnlySpan<byte> name)
    {
        int dot = name.LastIndexOf((byte)'.');
        name = name[(dot + 1)..];
        for (int i = 0; i < TypeNames.Length; i++)
        {
            if (name.SequenceEqual(TypeNames[i]))
                return (Scoring.Events.EventType)i;
        }
        return null;
    }

    private static readonly byte[][] TypeNames =
        [.. Enum.GetNames<Scoring.Events.EventType>().Select(n => System.Text.Encoding.UTF8.GetBytes(n.ToLowerInvariant()))];
}
