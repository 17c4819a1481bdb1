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

    // Of the round-trip format, which needs no pattern to be read: yyyy-MM-ddTHH:mm:ss.fffffffZ.
    private const int RoundTripBytes = 28, MillisecondsEnd = 23;

    private readonly int partition;
    private readonly string topic;
    private readonly ScoringRules rules;
    private readonly EngineOptions options;
    private readonly bool[] publishedSchemes = new bool[SchemeIds.Count];
    private readonly TierScheme?[] schemes = new TierScheme?[SchemeIds.Count];
    private readonly ArrayBufferWriter<byte> buffer = new(1024);
    private readonly Utf8JsonWriter json;
    private readonly string source, partitionText;
    private (long Number, string? Text) incarnation;

    /// <param name="topic">Name of the input.</param>
    /// <param name="partition">Partition of the input, and of the output.</param>
    /// <param name="rules">The policy's rules.</param>
    /// <param name="options">Which schemes are published.</param>
    public OutboxFormatter(string topic, int partition, ScoringRules rules, EngineOptions options)
    {
        (this.topic, this.partition, this.rules, this.options) = (topic, partition, rules, options);
        json = new Utf8JsonWriter(buffer);
        partitionText = Text(partition);
        source = $"/streamscorer/{topic}/{partitionText}";
        foreach (TierScheme scheme in rules.Schemes)
        {
            schemes[(int)scheme.Id] = scheme;
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
        in PartitionMeta meta, ReadOnlySpan<byte> customerId, in TierChange change, ReadOnlySpan<byte> eventId, in TransitionTrigger trigger)
    {
        TierScheme scheme = SchemeOf(change.Scheme);
        string customer = Encoding.UTF8.GetString(customerId);
        string direction = DirectionName(change.Direction);
        string id = $"{scheme.Name}:{customer}:{TriggerText(in meta, in change, in trigger)}:{scheme.TierName(change.From)}-{scheme.TierName(change.To)}";
        if (change.Direction is TierDirection.DropPending or TierDirection.DropAverted)
            id += ":" + direction;
        buffer.ResetWrittenCount();
        json.Reset(buffer);
        json.WriteStartObject();
        json.WriteString("specversion"u8, "1.0"u8);
        json.WriteString("id"u8, id);
        json.WriteString("source"u8, source);
        json.WriteString("type"u8, TransitionType);
        json.WriteString("subject"u8, customer);
        WriteTime("time"u8, change.AtMs);
        json.WriteString("datacontenttype"u8, "application/json"u8);
        json.WriteStartObject("data"u8);
        WriteData(scheme, customer, direction, in change, eventId, in trigger);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        byte[] value = buffer.WrittenSpan.ToArray();
        return new OutboxEntry(meta.OutboxSeq, OutboxKind.Transition, id, customerId.ToArray(), value,
            Headers(in meta, id, [new("scheme", scheme.Name), new("direction", direction), new("source-topic", topic),
                new("source-partition", partitionText), new("source-offset", trigger.Offset < 0 ? "" : Text(trigger.Offset)),
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
    public OutboxEntry Erased(in PartitionMeta meta, ReadOnlySpan<byte> customerId, long offset, long erasedAtMs)
    {
        string customer = Encoding.UTF8.GetString(customerId);
        string id = $"erased:{customer}:{IncarnationText(in meta)}.{partitionText}.{Text(offset)}";
        buffer.ResetWrittenCount();
        json.Reset(buffer);
        json.WriteStartObject();
        json.WriteString("specversion"u8, "1.0"u8);
        json.WriteString("id"u8, id);
        json.WriteString("source"u8, source);
        json.WriteString("type"u8, ErasedType);
        json.WriteString("subject"u8, customer);
        WriteTime("time"u8, erasedAtMs);
        json.WriteString("datacontenttype"u8, "application/json"u8);
        json.WriteStartObject("data"u8);
        json.WriteString("customerId"u8, customer);
        WriteTime("erasedAt"u8, erasedAtMs);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        byte[] value = buffer.WrittenSpan.ToArray();
        return new OutboxEntry(meta.OutboxSeq, OutboxKind.Transition, id, customerId.ToArray(), value,
            Headers(in meta, id, [new("type", ErasedType), new("source-topic", topic), new("source-partition", partitionText), new("source-offset", Text(offset))]));
    }

    /// <summary>The null value that ends an erased customer's key.</summary>
    public OutboxEntry Tombstone(in PartitionMeta meta, ReadOnlySpan<byte> customerId, long offset)
    {
        string id = $"tombstone:{Encoding.UTF8.GetString(customerId)}:{IncarnationText(in meta)}.{partitionText}.{Text(offset)}";
        return new OutboxEntry(meta.OutboxSeq, OutboxKind.Tombstone, id, customerId.ToArray(), null, Headers(in meta, id, []));
    }

    /// <summary>A rejected record with its original key, value and headers, and why; a value that is too large to be published is cut.</summary>
    public OutboxEntry DeadLetter(long seq, int sourcePartition, in SourceRecord record, Rejection rejection)
    {
        List<KeyValuePair<string, byte[]?>> headers = RecordHeaders.Unpack(record.Headers);
        string id = $"{topic}.{Text(sourcePartition)}.{Text(record.Offset)}";
        foreach ((string name, string value) in (ReadOnlySpan<(string, string)>)[
            ("reason", rejection.Reason.Name()), ("message", rejection.Message ?? ""), ("source-topic", topic), ("source-partition", Text(sourcePartition)),
            ("source-offset", Text(record.Offset)), ("source-timestamp", Text(record.TimestampMs)), ("application-version", options.ApplicationVersion)])
            headers.Add(new(name, Encoding.UTF8.GetBytes(value)));
        var entry = new OutboxEntry(seq, OutboxKind.DeadLetter, id, record.HasKey ? record.Key.ToArray() : null, record.HasValue ? record.Value.ToArray() : null,
            RecordHeaders.Pack(headers));
        return DeadLetterCut.Limit(entry, options.DeadLetterBytesMax);
    }

    private void WriteData(
        TierScheme scheme, string customer, string direction, in TierChange change, ReadOnlySpan<byte> eventId, in TransitionTrigger trigger)
    {
        json.WriteString("customerId"u8, customer);
        json.WriteString("scheme"u8, scheme.Name);
        json.WriteString("from"u8, scheme.TierName(change.From));
        json.WriteString("to"u8, scheme.TierName(change.To));
        json.WriteString("direction"u8, direction);
        json.WriteString("cause"u8, CauseName(change.Cause));
        json.WriteNumber("sequence"u8, change.Sequence);
        WriteTime("effectiveTime"u8, change.AtMs);
        if (change.Cause == TransitionCause.Event)
        {
            json.WriteString("eventId"u8, eventId);
            WriteTime("eventTime"u8, trigger.TimeMs);
        }
        if (change.Direction == TierDirection.DropPending)
            WritePendingDrop(in change);
        if (scheme.GroupOf(change.To) is { } group)
            json.WriteString("group"u8, group);
        json.WriteString("stage"u8, rules.Stages.TierName((int)change.Stage));
        json.WriteString("strategy"u8, change.StrategyId);
        json.WriteStartArray("flags"u8);
        foreach (string flag in TransitionFlagsOf.NamesOf(change.Flags))
            json.WriteStringValue(flag);
        json.WriteEndArray();
        json.WriteStartObject("signals"u8);
        json.WriteNumber("customerValue"u8, Math.Round(change.CustomerValue, 4));
        json.WriteNumber("churnRisk"u8, Math.Round(change.ChurnRisk, 6));
        json.WriteNumber("aliveProbability"u8, Math.Round(change.AliveProbability, 6));
        json.WriteEndObject();
        json.WriteNumber("policyVersion"u8, rules.Policy.Version);
    }

    private void WritePendingDrop(in TierChange change)
    {
        WriteTime("dropTime"u8, change.DropMs);
        if (change.AvertAxis is not { } axis || !double.IsFinite(change.AvertValue))
            return;
        json.WriteStartObject("avertedBy"u8);
        json.WriteString("signal"u8, axis.Signal);
        json.WriteNumber(axis.LowerIsBetter ? "atMost"u8 : "atLeast"u8, Math.Round(change.AvertValue, 6));
        json.WriteEndObject();
    }

    private string TriggerText(in PartitionMeta meta, in TierChange change, in TransitionTrigger trigger) => change.Cause switch
    {
        TransitionCause.Event => $"{IncarnationText(in meta)}.{partitionText}.{Text(trigger.Offset)}",
        TransitionCause.Silence => "s" + Text(change.AtMs),
        TransitionCause.Recalibration => "r" + Text(change.AtMs),
        _ => "p" + Text(rules.Policy.Version),
    };

    private byte[] Headers(in PartitionMeta meta, string id, ReadOnlySpan<KeyValuePair<string, string>> more)
    {
        buffer.ResetWrittenCount();
        RecordHeaders.Append(buffer, OutboxEntry.IdHeader, id);
        RecordHeaders.Append(buffer, OutboxEntry.SeqHeader, Text(meta.OutboxSeq));
        RecordHeaders.Append(buffer, OutboxEntry.IncarnationHeader, IncarnationText(in meta));
        foreach ((string name, string value) in more)
        {
            if (value.Length > 0)
                RecordHeaders.Append(buffer, name, value);
        }
        return buffer.WrittenSpan.ToArray();
    }

    private string IncarnationText(in PartitionMeta meta)
    {
        if (incarnation.Number != meta.Incarnation || incarnation.Text is null)
            incarnation = (meta.Incarnation, meta.Incarnation.ToString("x16", CultureInfo.InvariantCulture));
        return incarnation.Text;
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

    private TierScheme SchemeOf(SchemeId id) =>
        schemes[(int)id] ?? throw new InvalidOperationException($"Scheme {id} is not in the policy that decided its transition.");

    private void WriteTime(ReadOnlySpan<byte> name, long unixMs)
    {
        Span<byte> text = stackalloc byte[RoundTripBytes];
        DateTimeOffset.FromUnixTimeMilliseconds(unixMs).UtcDateTime.TryFormat(text, out _, "O", CultureInfo.InvariantCulture);
        text[MillisecondsEnd] = (byte)'Z';
        json.WriteString(name, text[..(MillisecondsEnd + 1)]);
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
