using System.Buffers;
using System.Text;
using System.Text.Json;
using StreamScorer.Engine;
using StreamScorer.Engine.Decode;
using StreamScorer.Engine.Source;
using StreamScorer.Scoring.Events;
using StreamScorer.Scoring.Policy;
using StreamScorer.Worker.Hosting;

namespace StreamScorer.Worker.Web.Ingest;

/// <summary>
/// Checks the events of one request as the engine will, so that what is answered with 202 does not end as a dead letter, and makes them records of the input. One at a time:
/// the decoder re-uses its buffers.
/// </summary>
internal sealed class EventIntake(ScoringRules rules, EngineOptions limits, PresentTime present, int partitionCount)
{
    private const string NotAllowed = "not_allowed";

    private readonly EventDecoder decoder = new(rules);

    /// <summary>The record; or why there is none.</summary>
    public async ValueTask<(InputRecord? Record, EventError? Error)> CheckAsync(byte[] json, int index, CancellationToken cancellation)
    {
        if (!TryReadEnvelope(json, out JsonElement root))
            return (null, new EventError(index, null, RejectionReason.MalformedJson.Name(), null, "value: not one JSON object"));
        string? id = Text(root, "id");
        if (CustomerIdOf(root, out bool isSubject) is not string customer || Utf8(customer) is not byte[] key)
            return (null, new EventError(index, id, RejectionReason.MissingField.Name(), "customerId", "customerId: missing, or not a text"));
        byte[] value = isSubject ? WithCustomer(root, customer) : json;
        int partition = Partitioner.Murmur2(key, partitionCount);
        long presentMs = await present.UnixMsAsync(partition, cancellation);
        (string Reason, string Message)? problem = Check(key, value, presentMs);
        return problem is { } found
            ? (null, new EventError(index, id, found.Reason, FieldOf(found.Message), found.Message))
            : (new InputRecord(partition, presentMs, key, value), null);
    }

    private (string Reason, string Message)? Check(byte[] key, byte[] value, long presentMs)
    {
        var record = new SourceRecord
        {
            Offset = 0,
            TimestampMs = presentMs,
            HasKey = true,
            HasValue = true,
            Key = key,
            Value = value,
            Headers = default,
        };
        Rejection rejection = decoder.Decode(in record, out CustomerEvent e);
        if (rejection.Rejected)
            return (rejection.Reason.Name(), rejection.Message!);
        if (e.Type == EventType.Clock)
            return (NotAllowed, "type: clock moves the time of all customers and is for imports");
        if (e.Type == EventType.Erase)
            return (NotAllowed, "type: a customer is erased with DELETE /v1/customers/{id}");
        return e.TimeMs > presentMs + limits.FutureToleranceMs ? (RejectionReason.FutureTimestamp.Name(), $"time: ahead of {present.Description}") : null;
    }

    private static bool TryReadEnvelope(byte[] json, out JsonElement root)
    {
        root = default;
        try
        {
            root = JsonElement.Parse(json);
            return root.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Where the decoder looks for it; of a CloudEvent whose data does not say it, the subject.</summary>
    private static string? CustomerIdOf(JsonElement root, out bool isSubject)
    {
        isSubject = false;
        bool isCloudEvent = root.TryGetProperty("specversion", out _);
        if (isCloudEvent && root.TryGetProperty("data", out JsonElement data) && data.ValueKind == JsonValueKind.Object && Text(data, "customerId") is string own)
            return own;
        if (Text(root, "customerId") is string customer)
            return customer;
        isSubject = isCloudEvent;
        return isCloudEvent ? Text(root, "subject") : null;
    }

    private static string? Text(JsonElement element, string name)
    {
        if (!element.TryGetProperty(name, out JsonElement value) || value.ValueKind != JsonValueKind.String)
            return null;
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair is JSON, but no text.
            return null;
        }
    }

    private static byte[]? Utf8(string text) => text.Length is > 0 and <= EventDecoder.IdBytesMax ? Encoding.UTF8.GetBytes(text) : null;

    private static byte[] WithCustomer(JsonElement root, string customer)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("customerId", customer);
            foreach (JsonProperty property in root.EnumerateObject())
                property.WriteTo(json);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static string? FieldOf(string message)
    {
        int colon = message.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && message[..colon] is not ("value" or "key") ? message[..colon] : null;
    }
}

/// <summary>Why one event was not taken.</summary>
/// <param name="Index">Its place in the request, from 0.</param>
/// <param name="Id">Its event id, where it has one.</param>
/// <param name="Reason">As in a dead letter, such as <c>missing_field</c>; or <c>not_allowed</c>.</param>
/// <param name="Field">The field that is wrong; null when it is the event as a whole.</param>
/// <param name="Message">What is wrong and what is allowed.</param>
public sealed record EventError(int Index, string? Id, string Reason, string? Field, string Message);

/// <summary>What became of a request's events.</summary>
/// <param name="Accepted">Durable in the input.</param>
/// <param name="Rejected">Not taken.</param>
/// <param name="Errors">Why, for each of them.</param>
public sealed record EventReceipt(int Accepted, int Rejected, IReadOnlyList<EventError> Errors);
