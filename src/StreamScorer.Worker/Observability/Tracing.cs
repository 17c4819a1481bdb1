using System.Diagnostics;
using System.Text;
using StreamScorer.Engine;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Publish;
using StreamScorer.Worker.Hosting;

namespace StreamScorer.Worker.Observability;

/// <summary>
/// Spans of the activity source <see cref="SourceName"/>: <c>batch</c>, from the fold to the committed write, linked to the trace contexts of its records; and
/// <c>transition</c>, from the event's broker timestamp to the acknowledged record, in the trace of the event itself. Costs nothing while nobody listens.
/// </summary>
internal sealed class Tracing(int partitionCount, TimeProvider time) : IEngineObserver
{
    /// <summary>Name of the activity source.</summary>
    public const string SourceName = "StreamScorer";

    private static readonly ActivitySource source = new(SourceName, ClientOptions.Version);
    private readonly DateTimeOffset[] batchStarts = new DateTimeOffset[partitionCount];

    /// <inheritdoc/>
    public bool WantsTraceParents => source.HasListeners();

    /// <summary>
    /// The span of a published transition that an event with a trace context caused, current until disposed; null for none. A sampled context is made current
    /// even when nobody listens, so that the latency it belongs to keeps its trace as an exemplar.
    /// </summary>
    public static Activity? StartTransition(OutboxEntry entry, int partition)
    {
        if (entry.TraceParent is null || !ActivityContext.TryParse(entry.TraceParent, null, isRemote: true, out ActivityContext cause))
            return null;
        if (source.StartActivity("transition", ActivityKind.Producer, cause, startTime: DateTimeOffset.FromUnixTimeMilliseconds(entry.SourceTimestampMs)) is Activity span)
            return span.SetTag("messaging.destination.partition.id", partition).SetTag("streamscorer.scheme", entry.Id.Split(':')[0]);
        return (cause.TraceFlags & ActivityTraceFlags.Recorded) == 0 ? null : new Activity("transition").SetParentId(entry.TraceParent).Start();
    }

    /// <inheritdoc/>
    public void BatchStarting(int partition)
    {
        if (source.HasListeners())
            batchStarts[partition] = time.GetUtcNow();
    }

    /// <inheritdoc/>
    public void Committed(int partition, CommitOutcome outcome, int records)
    {
        if (outcome == CommitOutcome.Applied || !source.HasListeners())
            return;
        using Activity? span = StartBatch(partition, records, []);
        span?.SetStatus(ActivityStatusCode.Error, outcome.ToString());
    }

    /// <inheritdoc/>
    public void Reported(in PartitionReport report)
    {
        // A report without a fold is that of a takeover.
        if ((report.Records == 0 && report.Batch.Transitions.IsEmpty) || !source.HasListeners())
            return;
        var links = new List<ActivityLink>(report.Batch.TraceParentCount);
        for (int i = 0; i < report.Batch.TraceParentCount; i++)
            if (ActivityContext.TryParse(Encoding.ASCII.GetString(report.Batch.TraceParentAt(i)), null, isRemote: true, out ActivityContext cause))
                links.Add(new ActivityLink(cause));
        using Activity? span = StartBatch(report.Partition, report.Records, links);
        span?.SetTag("streamscorer.transitions", report.Batch.Transitions.Length);
    }

    /// <inheritdoc/>
    public void TakenOver(int partition, int customers, long offset)
    {
    }

    /// <inheritdoc/>
    public void TakeoverFailed(int partition, string error)
    {
    }

    /// <inheritdoc/>
    public void PopulationStale(string error)
    {
    }

    /// <inheritdoc/>
    public void Released(int partition)
    {
    }

    // A trace of its own: a batch has many causes, so it is a child of none of them.
    private Activity? StartBatch(int partition, int records, List<ActivityLink> links)
    {
        Activity.Current = null;
        return source.StartActivity("batch", ActivityKind.Consumer, default(ActivityContext), links: links, startTime: batchStarts[partition])
            ?.SetTag("messaging.destination.partition.id", partition)
            .SetTag("messaging.batch.message_count", records);
    }
}
