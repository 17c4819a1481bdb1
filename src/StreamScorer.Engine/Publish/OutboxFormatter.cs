using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Decode;
using StreamScorer.Engine.Processing;
using StreamScorer.Engine.Source;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Tiers;

namespace StreamScorer.Engine.Publish;

/// <summary>
/// Turns decided transitions and rejected records into final bytes. Runs only when there is something to publish; the result depends on its arguments alone, so
/// that a repeat after a crash is the same to the byte.
/// </summary>
public sealed class OutboxFormatter
{
    /// <summary>CloudEvents type of a transition.</summary>
    public const string TransitionType = "streamscorer.tier-transition.v1";

    /// <summary>CloudEvents type of the record that tells an erasure.</summary>
    public const string ErasedType = "streamscorer.customer-erased.v1";

    private readonly int partition;
    private readonly string topic;
    private readonly ScoringRules rules;
    private readonly EngineOptions options;
    private readonly bool[] publishedSchemes = new bool[SchemeIds.Count];

    /// <param name="topic">Name of the input.</param>
    /// <param name="partition">Partition of the input, and of the output.</param>
    /// <param name="rules">The policy's rules.</param>
    /// <param name="options">Which schemes are published.</param>
    public OutboxFormatter(string topic, int partition, ScoringRules rules, EngineOptions options)
    {
        (this.topic, this.partition, this.rules, this.options) = (topic, partition, rules, options);
        foreach (TierScheme scheme in rules.Schemes)
        {
            publishedSchemes[(int)scheme.Id] = options.PublishSchemes.Count == 0
                ? scheme.Id == rules.BadgeScheme || scheme.Id is SchemeId.Churn or SchemeId.Lifecycle
                : options.PublishSchemes.Contains(scheme.Name);
        }
    }

    /// <summary>Whether a change is published: its scheme is, and a first tier only in the badge scheme.</summary>
    public bool IsPublished(in TierChange change) =>
        publishedSchemes[(int)change.Scheme] && (change.Direction != TierDirection.Enter || change.Scheme == rules.BadgeScheme);

    /// <summary>A transition or notice as a CloudEvents 1.0 JSON record.</summary>
    /// <param name="meta">Meta whose <c>OutboxSeq</c> is this entry's.</param>
    public OutboxEntry Transition(
        PartitionMeta meta, ReadOnlySpan<byte> customerId, in TierChange change, ReadOnlySpan<byte> eventId, TransitionTrigger trigger)
    {
        TierScheme scheme = SchemeOf(change.Scheme);
        string customer = Encoding.UTF8.GetString(customerId);
        string direction = DirectionName(change.Direction);
        string id = $"{scheme.Name}:{customer}:{TriggerText(meta, in change, trigger)}:{scheme.TierName(change.From)}-{scheme.TierName(change.To)}";
        if (change.Direction is TierDirection.DropPending or TierDirection.DropAverted)
            id += ":" + direction;
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("specversion", "1.0");
            json.WriteString("id", id);
            json.WriteString("source", $"/streamscorer/{topic}/{partition.ToString(CultureInfo.InvariantCulture)}");
            json.WriteString("type", TransitionType);
            json.WriteString("subject", customer);
            json.WriteString("time", Time(change.AtMs));
            json.WriteString("datacontenttype", "application/json");
            json.WriteStartObject("data");
            WriteData(json, scheme, customer, direction, in change, eventId, trigger);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return new OutboxEntry(meta.OutboxSeq, OutboxKind.Transition, id, customerId.ToArray(), buffer.WrittenSpan.ToArray(),
            Headers(meta, id, [new("scheme", scheme.Name), new("direction", direction), new("source-topic", topic),
                new("source-partition", Text(partition)), new("source-offset", trigger.Offset < 0 ? "" : Text(trigger.Offset)),
                new(TraceParent.Header, trigger.TraceParent ?? "")]))
        {
            SourceTimestampMs = trigger.RecordTimestampMs,
            TraceParent = trigger.TraceParent,
        };
    }

    /// <summary>What tells consumers that a customer was erased; a tombstone follows it.</summary>
    /// <param name="meta">Meta whose <c>OutboxSeq</c> is this entry's.</param>
    /// <param name="customerId">Who.</param>
    /// <param name="offset">Source offset of the erasure.</param>
    /// <param name="erasedAtMs">Events up to this instant are ignored from now on, unix milliseconds.</param>
    public OutboxEntry Erased(PartitionMeta meta, ReadOnlySpan<byte> customerId, long offset, long erasedAtMs)
    {
        string customer = Encoding.UTF8.GetString(customerId);
        string id = $"erased:{customer}:{meta.Incarnation:x16}.{Text(partition)}.{Text(offset)}";
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("specversion", "1.0");
            json.WriteString("id", id);
            json.WriteString("source", $"/streamscorer/{topic}/{Text(partition)}");
            json.WriteString("type", ErasedType);
            json.WriteString("subject", customer);
            json.WriteString("time", Time(erasedAtMs));
            json.WriteString("datacontenttype", "application/json");
            json.WriteStartObject("data");
            json.WriteString("customerId", customer);
            json.WriteString("erasedAt", Time(erasedAtMs));
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return new OutboxEntry(meta.OutboxSeq, OutboxKind.Transition, id, customerId.ToArray(), buffer.WrittenSpan.ToArray(),
            Headers(meta, id, [new("type", ErasedType), new("source-topic", topic), new("source-partition", Text(partition)), new("source-offset", Text(offset))]));
    }

    /// <summary>The null value that ends an erased customer's key.</summary>
    public OutboxEntry Tombstone(PartitionMeta meta, ReadOnlySpan<byte> customerId, long offset)
    {
        string id = $"tombstone:{Encoding.UTF8.GetString(customerId)}:{meta.Incarnation:x16}.{Text(partition)}.{Text(offset)}";
        return new OutboxEntry(meta.OutboxSeq, OutboxKind.Tombstone, id, customerId.ToArray(), null, Headers(meta, id, []));
    }

    /// <summary>A rejected record with its original key, value and headers, and why.</summary>
    public OutboxEntry DeadLetter(long seq, int sourcePartition, in SourceRecord record, Rejection rejection)
    {
        List<KeyValuePair<string, byte[]?>> headers = RecordHeaders.Unpack(record.Headers);
        string id = $"{topic}.{Text(sourcePartition)}.{Text(record.Offset)}";
        foreach ((string name, string value) in (ReadOnlySpan<(string, string)>)[
            ("reason", rejection.Reason.Name()), ("message", rejection.Message ?? ""), ("source-topic", topic), ("source-partition", Text(sourcePartition)),
            ("source-offset", Text(record.Offset)), ("source-timestamp", Text(record.TimestampMs)), ("application-version", options.ApplicationVersion)])
            headers.Add(new(name, Encoding.UTF8.GetBytes(value)));
        return new OutboxEntry(seq, OutboxKind.DeadLetter, id, record.HasKey ? record.Key.ToArray() : null, record.HasValue ? record.Value.ToArray() : null,
            RecordHeaders.Pack(headers));
    }

    private void WriteData(
        Utf8JsonWriter json, TierScheme scheme, string customer, string direction, in TierChange change, ReadOnlySpan<byte> eventId, TransitionTrigger trigger)
    {
        json.WriteString("customerId", customer);
        json.WriteString("scheme", scheme.Name);
        json.WriteString("from", scheme.TierName(change.From));
        json.WriteString("to", scheme.TierName(change.To));
        json.WriteString("direction", direction);
        json.WriteString("cause", CauseName(change.Cause));
        json.WriteNumber("sequence", change.Sequence);
        json.WriteString("effectiveTime", Time(change.AtMs));
        if (change.Cause == TransitionCause.Event)
        {
            json.WriteString("eventId", eventId);
            json.WriteString("eventTime", Time(trigger.TimeMs));
        }
        if (change.Direction == TierDirection.DropPending)
            WritePendingDrop(json, in change);
        if (scheme.GroupOf(change.To) is { } group)
            json.WriteString("group", group);
        json.WriteString("stage", rules.Stages.TierName((int)change.Stage));
        json.WriteString("strategy", change.StrategyId);
        json.WriteStartArray("flags");
        foreach (string flag in TransitionFlagsOf.NamesOf(change.Flags))
            json.WriteStringValue(flag);
        json.WriteEndArray();
        json.WriteStartObject("signals");
        json.WriteNumber("customerValue", Math.Round(change.CustomerValue, 4));
        json.WriteNumber("churnRisk", Math.Round(change.ChurnRisk, 6));
        json.WriteNumber("aliveProbability", Math.Round(change.AliveProbability, 6));
        json.WriteEndObject();
        json.WriteNumber("policyVersion", rules.Policy.Version);
    }

    private static void WritePendingDrop(Utf8JsonWriter json, in TierChange change)
    {
        json.WriteString("dropTime", Time(change.DropMs));
        if (change.AvertAxis is not { } axis || !double.IsFinite(change.AvertValue))
            return;
        json.WriteStartObject("avertedBy");
        json.WriteString("signal", axis.Signal);
        json.WriteNumber(axis.LowerIsBetter ? "atMost" : "atLeast", Math.Round(change.AvertValue, 6));
        json.WriteEndObject();
    }

    private string TriggerText(PartitionMeta meta, in TierChange change, TransitionTrigger trigger) => change.Cause switch
    {
        TransitionCause.Event => $"{meta.Incarnation:x16}.{Text(partition)}.{Text(trigger.Offset)}",
        TransitionCause.Silence => "s" + Text(change.AtMs),
        TransitionCause.Recalibration => "r" + Text(change.AtMs),
        _ => "p" + Text(rules.Policy.Version),
    };

    private static byte[] Headers(PartitionMeta meta, string id, ReadOnlySpan<KeyValuePair<string, string>> more)
    {
        var headers = new List<KeyValuePair<string, byte[]?>>
        {
            new(OutboxEntry.IdHeader, Encoding.UTF8.GetBytes(id)),
            new(OutboxEntry.SeqHeader, Encoding.UTF8.GetBytes(Text(meta.OutboxSeq))),
            new(OutboxEntry.IncarnationHeader, Encoding.UTF8.GetBytes(meta.Incarnation.ToString("x16", CultureInfo.InvariantCulture))),
        };
        foreach ((string name, string value) in more)
        {
            if (value.Length > 0)
                headers.Add(new(name, Encoding.UTF8.GetBytes(value)));
        }
        return RecordHeaders.Pack(headers);
    }

    /// <summary>Published name of a direction, such as <c>drop-pending</c>.</summary>
    public static string DirectionName(TierDirection direction) => direction switch
    {
        TierDirection.Up => "up",
        TierDirection.Down => "down",
        TierDirection.Enter => "enter",
        TierDirection.Lateral => "lateral",
        TierDirection.Leave => "leave",
        TierDirection.DropPending => "drop-pending",
        _ => "drop-averted",
    };

    /// <summary>Published name of a cause, such as <c>silence</c>.</summary>
    public static string CauseName(TransitionCause cause) => cause switch
    {
        TransitionCause.Event => "event",
        TransitionCause.Silence => "silence",
        TransitionCause.Recalibration => "recalibration",
        TransitionCause.Policy => "policy",
        _ => "erase",
    };

    private TierScheme SchemeOf(SchemeId id)
    {
        foreach (TierScheme scheme in rules.Schemes)
        {
            if (scheme.Id == id)
                return scheme;
        }
        throw new InvalidOperationException($"Scheme {id} is not in the policy that decided its transition.");
    }

    private static string Time(long unixMs) =>
        DateTimeOffset.FromUnixTimeMilliseconds(unixMs).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
