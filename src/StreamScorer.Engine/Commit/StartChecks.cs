using StreamScorer.Engine.Diagnosis;
using StreamScorer.Engine.Source;
using StreamScorer.Scoring.State;

namespace StreamScorer.Engine.Commit;

/// <summary>Whether the stored state belongs to the input that is there. Each refusal names the fix, and the explicit way past where there is one.</summary>
internal static class StartChecks
{
    /// <summary>The state as a whole: same topic, same partitions, a layout that this version reads.</summary>
    /// <exception cref="StateStoreException">It does not belong to this input or not to this version.</exception>
    public static void Application(AppRecord app, string topic, int partitionCount)
    {
        if (app.Topic != topic)
        {
            throw new StateStoreException($"The state in the store is that of topic '{app.Topic}', but the configured input is '{topic}'. Configure that topic, "
                + "or another prefix for this one; or build the state anew from this topic: run --rebuild.");
        }
        if (app.PartitionCount != partitionCount)
        {
            throw new StateStoreException($"Topic '{topic}' has {partitionCount} partitions, but the state was begun with {app.PartitionCount}: customers now lie "
                + "in other partitions than their state. Use a topic with as many partitions; or build the state anew: run --rebuild.");
        }
        if (!RecordLayout.IsRead(app.Layout))
        {
            throw new StateStoreException($"The state has record layout {app.Layout}, this version reads layouts {RecordLayout.Own} to {RecordLayout.Next}. "
                + $"Run {(app.Layout > RecordLayout.Next ? "a newer" : "an older")} version; or build the state anew with this one: run --rebuild.");
        }
    }

    /// <summary>Where a partition goes on reading, or -1 for one that begins.</summary>
    /// <exception cref="StateStoreException">The state is gone although it was there.</exception>
    /// <exception cref="EventSourceException">The input is another one, or a part of it is gone.</exception>
    public static async Task<long> OffsetAsync(
        PartitionMeta meta, IEventSource source, int partition, EngineOptions options, bool withRecord, CancellationToken cancellation)
    {
        if (meta.Layout > RecordLayout.Next)
        {
            throw new StateStoreException($"Partition {partition}: its state has layout {meta.Layout}, this version reads up to {RecordLayout.Next}: it was "
                + "written by a newer version, or a repartition of it was not finished. Run that version, or finish the repartition.");
        }
        if (meta.Offset < 0)
        {
            long progress = await source.GetProgressAsync(partition, cancellation);
            return progress <= 0 || options.AcceptGap ? -1 : throw new StateStoreException(
                $"Partition {partition}: the store has no state, although the input was processed up to offset {progress}. Is it the right store, prefix and "
                + "group, or was it flushed? Restore it; or build the state anew from the input: run --rebuild.");
        }
        OffsetRange range = await source.GetOffsetsAsync(partition, cancellation);
        if (options.AcceptGap)
            return Math.Clamp(meta.Offset, range.Low, range.End);
        if (ProgressCheck.Unreadable(source.Topic, partition, meta.Offset, range) is { } unreadable)
            throw new EventSourceException($"{unreadable.Subject}: {unreadable.Message}");
        bool isKnown = meta.LastRecordTimestampMs != 0 || meta.LastRecordHash != 0;
        if (withRecord && isKnown && await source.IdentifyAsync(partition, meta.Offset - 1, cancellation) is { } found
            && found != new RecordIdentity(meta.LastRecordTimestampMs, meta.LastRecordHash))
        {
            throw new EventSourceException($"Partition {partition} of '{source.Topic}': record {meta.Offset - 1} is not the one that was processed: the topic was "
                + "recreated. Configure the right one; go on behind that record: run --accept-gap; or build the state anew from this topic: run --rebuild.");
        }
        return meta.Offset;
    }
}
