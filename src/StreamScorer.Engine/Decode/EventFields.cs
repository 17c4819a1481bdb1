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
