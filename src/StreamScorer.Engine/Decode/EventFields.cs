using System.Runtime.CompilerServices;
using System.Text.Json;

namespace StreamScorer.Engine.Decode;

/// <summary>Fields of an event that the decoder knows; everything else is skipped.</summary>
internal enum EventField : byte
{
    None,
    CustomerId,
    Id,
    Time,
    Type,
    SchemaVersion,
    SpecVersion,
    Data,
    Currency,
    Amount,
    Cost,
    CostReturned,
    RefundOf,
    Category,
    Place,
    Channel,
    Reason,
    Campaign,
    Rating,
    Factor,
    Phase,
    Gain,
    Severity,
    Resolved,
    ReferredCustomerId,
    Action,
    Points,
    Benefit,
    Competitor,
    Induced,
    Date,
}

/// <summary>Names of the fields in JSON.</summary>
internal static class EventFieldNames
{
    /// <summary>The field with this UTF-8 name, or none.</summary>
    public static EventField Of(ReadOnlySpan<byte> name) => name.Length switch
    {
        2 when name.SequenceEqual("id"u8) => EventField.Id,
        4 when name.SequenceEqual("time"u8) => EventField.Time,
        4 when name.SequenceEqual("type"u8) => EventField.Type,
        4 when name.SequenceEqual("cost"u8) => EventField.Cost,
        4 when name.SequenceEqual("data"u8) => EventField.Data,
        4 when name.SequenceEqual("gain"u8) => EventField.Gain,
        4 when name.SequenceEqual("date"u8) => EventField.Date,
        5 when name.SequenceEqual("place"u8) => EventField.Place,
        5 when name.SequenceEqual("phase"u8) => EventField.Phase,
        6 when name.SequenceEqual("amount"u8) => EventField.Amount,
        6 when name.SequenceEqual("reason"u8) => EventField.Reason,
        6 when name.SequenceEqual("rating"u8) => EventField.Rating,
        6 when name.SequenceEqual("factor"u8) => EventField.Factor,
        6 when name.SequenceEqual("action"u8) => EventField.Action,
        6 when name.SequenceEqual("points"u8) => EventField.Points,
        7 when name.SequenceEqual("channel"u8) => EventField.Channel,
        7 when name.SequenceEqual("benefit"u8) => EventField.Benefit,
        7 when name.SequenceEqual("induced"u8) => EventField.Induced,
        8 when name.SequenceEqual("category"u8) => EventField.Category,
        8 when name.SequenceEqual("currency"u8) => EventField.Currency,
        8 when name.SequenceEqual("refundOf"u8) => EventField.RefundOf,
        8 when name.SequenceEqual("campaign"u8) => EventField.Campaign,
        8 when name.SequenceEqual("severity"u8) => EventField.Severity,
        8 when name.SequenceEqual("resolved"u8) => EventField.Resolved,
        10 when name.SequenceEqual("customerId"u8) => EventField.CustomerId,
        10 when name.SequenceEqual("competitor"u8) => EventField.Competitor,
        11 when name.SequenceEqual("specversion"u8) => EventField.SpecVersion,
        12 when name.SequenceEqual("costReturned"u8) => EventField.CostReturned,
        13 when name.SequenceEqual("schemaVersion"u8) => EventField.SchemaVersion,
        18 when name.SequenceEqual("referredCustomerId"u8) => EventField.ReferredCustomerId,
        _ => EventField.None,
    };
}

/// <summary>Where the value of a field lies in the record.</summary>
/// <param name="Start">First byte; behind the quote of a text.</param>
/// <param name="Length">Bytes; without the quotes of a text.</param>
/// <param name="Token">What it is; <see cref="JsonTokenType.None"/> when the field is absent or null.</param>
/// <param name="IsEscaped">Whether a text contains escapes.</param>
/// <param name="IsAscii">True when a text is known to be ASCII, and so to be valid UTF-8.</param>
internal readonly record struct FieldPlace(int Start, int Length, JsonTokenType Token, bool IsEscaped, bool IsAscii = false);

/// <summary>Where each field lies, by <see cref="EventField"/>.</summary>
[InlineArray((int)EventField.Date + 1)]
internal struct FieldPlaces
{
    private FieldPlace first;
}
