using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Decode;
using StreamScorer.Engine.Processing;
using StreamScorer.Engine.Source;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Tiers;
using StreamScorer.Scoring.Tiers.Schemes;

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

    // A customer id, and the names of a scheme and two tiers and the numbers of the trigger, which are short.
    private const int IdBytesMax = EventDecoder.IdBytesMax + 256, TriggerBytesMax = 64;

    private static readonly byte[][] directions = [.. Enum.GetValues<TierDirection>().Select(direction => TransitionText.Encoded(DirectionName(direction)))];

    private static readonly byte[] idHeader = Encoding.UTF8.GetBytes(OutboxEntry.IdHeader), seqHeader = Encoding.UTF8.GetBytes(OutboxEntry.SeqHeader),
        incarnationHeader = Encoding.UTF8.GetBytes(OutboxEntry.IncarnationHeader);

    private readonly int partition;
    private readonly string topic;
    private readonly ScoringRules rules;
    private readonly EngineOptions options;
    private readonly bool[] publishedSchemes = new bool[SchemeIds.Count];
    private readonly SchemeText?[] schemes = new SchemeText?[SchemeIds.Count];
    private readonly byte[][] directionHeaders;
    private readonly byte[] incarnationText = new byte[16];
    private readonly ArrayBufferWriter<byte> buffer = new(1024);
    private readonly Utf8JsonWriter json;
    private readonly string partitionText;
    private readonly string source;
    private readonly TransitionText text;
    private long? writtenIncarnation;

    /// <param name="topic">Name of the input.</param>
    /// <param name="partition">Partition of the input, and of the output.</param>
    /// <param name="rules">The policy's rules.</param>
    /// <param name="options">Which schemes are published.</param>
    public OutboxFormatter(string topic, int partition, ScoringRules rules, EngineOptions options)
    {
        (this.topic, this.partition, this.rules, this.options) = (topic, partition, rules, options);
        json = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true });
        partitionText = Text(partition);
        source = $"/streamscorer/{topic}/{partitionText}";
        text = new TransitionText(source, rules);
        directionHeaders = [.. Enum.GetValues<TierDirection>().Select(direction => PackedHeaders(
            new("direction", DirectionName(direction)), new("source-topic", topic), new("source-partition", partitionText)))];
        foreach (TierScheme scheme in rules.Schemes)
        {
            schemes[(int)scheme.Id] = new SchemeText(scheme, PackedHeaders(new KeyValuePair<string, string>("scheme", scheme.Name)));
            publishedSchemes[(int)scheme.Id] = options.PublishSchemes.Count == 0
                ? scheme.Id == rules.BadgeScheme || scheme.Id is SchemeId.Churn or SchemeId.Lifecycle
                : options.PublishSchemes.Contains(scheme.Name);
        }
    }

    /// <summary>Whether a change is published: its scheme is, and a first tier only in the badge scheme.</summary>
    public bool IsPublished(in TierChange change) =>
        publishedSchemes[(int)change.Scheme] && (change.Direction != TierDirection.Enter || change.Scheme == rules.BadgeScheme);

    /// <summary>A transition or notice as a CloudEvents 1.0 JSON record.</summary>
    /// <param name="seq">Its outbox sequence.</param>
    /// <param name="incarnation">Of the partition's state.</param>
    public OutboxEntry Transition(
        long seq, long incarnation, ReadOnlySpan<byte> customerId, in TierChange change, ReadOnlySpan<byte> eventId, in TransitionTrigger trigger)
    {
        SchemeText scheme = TextOf(change.Scheme);
        Span<byte> room = stackalloc byte[IdBytesMax];
        ReadOnlySpan<byte> id = room[..WriteId(room, incarnation, scheme, customerId, in change, in trigger)];
        byte[] value = text.Write(scheme, id, customerId, in change, eventId, trigger.TimeMs).ToArray();
        byte[] headers = TransitionHeaders(seq, incarnation, id, scheme, change.Direction, in trigger);
        return new OutboxEntry(seq, OutboxKind.Transition, Encoding.UTF8.GetString(id), customerId.ToArray(), value, headers)
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
        string id = $"erased:{customer}:{meta.Incarnation:x16}.{partitionText}.{Text(offset)}";
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
        string id = $"tombstone:{Encoding.UTF8.GetString(customerId)}:{meta.Incarnation:x16}.{partitionText}.{Text(offset)}";
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

    private int WriteId(
        Span<byte> target, long incarnation, SchemeText scheme, ReadOnlySpan<byte> customerId, in TierChange change, in TransitionTrigger trigger)
    {
        Span<byte> cause = stackalloc byte[TriggerBytesMax];
        cause = cause[..WriteTrigger(cause, incarnation, in change, in trigger)];
        ReadOnlySpan<byte> from = scheme.Tiers[change.From], to = scheme.Tiers[change.To];
        bool isNotice = change.Direction is TierDirection.DropPending or TierDirection.DropAverted;
        ReadOnlySpan<byte> colon = isNotice ? ":"u8 : default, notice = isNotice ? directions[(int)change.Direction] : default;
        return Utf8.TryWrite(target, $"{scheme.Name.AsSpan()}:{customerId}:{cause}:{from}-{to}{colon}{notice}", out int length) ? length : throw NoRoom(target);
    }

    private int WriteTrigger(Span<byte> target, long incarnation, in TierChange change, in TransitionTrigger trigger)
    {
        int length;
        CultureInfo culture = CultureInfo.InvariantCulture;
        bool fits = change.Cause switch
        {
            TransitionCause.Event => Utf8.TryWrite(target, culture, $"{IncarnationText(incarnation)}.{partition}.{trigger.Offset}", out length),
            TransitionCause.Silence => Utf8.TryWrite(target, culture, $"s{change.AtMs}", out length),
            TransitionCause.Recalibration => Utf8.TryWrite(target, culture, $"r{change.AtMs}", out length),
            _ => Utf8.TryWrite(target, culture, $"p{rules.Policy.Version}", out length),
        };
        return fits ? length : throw NoRoom(target);
    }

    // It is the same for as long as a partition's state lives.
    private ReadOnlySpan<byte> IncarnationText(long incarnation)
    {
        if (incarnation != writtenIncarnation)
        {
            incarnation.TryFormat(incarnationText, out _, "x16", CultureInfo.InvariantCulture);
            writtenIncarnation = incarnation;
        }
        return incarnationText;
    }

    // Not reached: no longer customer id is decoded, and names and numbers are short. A cut id would be that of other transitions too.
    private static InvalidOperationException NoRoom(ReadOnlySpan<byte> target) => new($"The id of a transition is longer than its room of {target.Length} bytes.");

    private byte[] TransitionHeaders(
        long seq, long incarnation, ReadOnlySpan<byte> id, SchemeText scheme, TierDirection direction, in TransitionTrigger trigger)
    {
        buffer.ResetWrittenCount();
        RecordHeaders.Append(buffer, idHeader, hasValue: true, id);
        AppendNumberHeader(seqHeader, seq);
        RecordHeaders.Append(buffer, incarnationHeader, hasValue: true, IncarnationText(incarnation));
        buffer.Write(scheme.Header);
        buffer.Write(directionHeaders[(int)direction]);
        if (trigger.Offset >= 0)
            AppendNumberHeader("source-offset"u8, trigger.Offset);
        if (trigger.TraceParent is { Length: > 0 } traceParent)
            RecordHeaders.Append(buffer, TraceParent.Header, traceParent);
        return buffer.WrittenSpan.ToArray();
    }

    private void AppendNumberHeader(ReadOnlySpan<byte> name, long value)
    {
        Span<byte> text = stackalloc byte[20];
        _ = Utf8Formatter.TryFormat(value, text, out int length);
        RecordHeaders.Append(buffer, name, hasValue: true, text[..length]);
    }

    private static byte[] PackedHeaders(params KeyValuePair<string, string>[] headers) =>
        RecordHeaders.Pack([.. headers.Select(header => new KeyValuePair<string, byte[]?>(header.Key, Encoding.UTF8.GetBytes(header.Value)))]);

    private byte[] Headers(in PartitionMeta meta, string id, ReadOnlySpan<KeyValuePair<string, string>> more)
    {
        buffer.ResetWrittenCount();
        RecordHeaders.Append(buffer, OutboxEntry.IdHeader, id);
        RecordHeaders.Append(buffer, OutboxEntry.SeqHeader, Text(meta.OutboxSeq));
        RecordHeaders.Append(buffer, OutboxEntry.IncarnationHeader, meta.Incarnation.ToString("x16", CultureInfo.InvariantCulture));
        foreach ((string name, string value) in more)
        {
            if (value.Length > 0)
                RecordHeaders.Append(buffer, name, value);
        }
        return buffer.WrittenSpan.ToArray();
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

    private SchemeText TextOf(SchemeId id) =>
        schemes[(int)id] ?? throw new InvalidOperationException($"Scheme {id} is not in the policy that decided its transition.");

    private void WriteTime(ReadOnlySpan<byte> name, long unixMs) => json.WriteString(name, text.TimeText(unixMs));

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
