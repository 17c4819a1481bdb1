using System.Runtime.CompilerServices;
using System.Text;
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
    private const int Buckets = 128;
    private static readonly (byte[] Name, EventField Field)[] byBucket = Build();

    /// <summary>The field with this UTF-8 name, or none.</summary>
    public static EventField Of(ReadOnlySpan<byte> name)
    {
        if (name.Length < 2)
            return EventField.None;
        ref readonly (byte[] Name, EventField Field) only = ref byBucket[BucketOf(name)];
        return name.SequenceEqual(only.Name) ? only.Field : EventField.None;
    }

    // Chosen so that no two names share a bucket.
    private static int BucketOf(ReadOnlySpan<byte> name) => (3 * name[0] + name[1] + 9 * name[^1] + name.Length) & (Buckets - 1);

    private static (byte[] Name, EventField Field)[] Build()
    {
        var built = new (byte[] Name, EventField Field)[Buckets];
        Array.Fill(built, ([], EventField.None));
        foreach (EventField field in Enum.GetValues<EventField>().Where(field => field != EventField.None))
        {
            // CloudEvents writes its own name in lower case.
            string text = field == EventField.SpecVersion ? "specversion" : JsonNamingPolicy.CamelCase.ConvertName(field.ToString());
            byte[] name = Encoding.UTF8.GetBytes(text);
            if (built[BucketOf(name)].Field != EventField.None)
                throw new InvalidOperationException($"The names '{text}' and '{built[BucketOf(name)].Field}' share a bucket.");
            built[BucketOf(name)] = (name, field);
        }
        return built;
    }
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
