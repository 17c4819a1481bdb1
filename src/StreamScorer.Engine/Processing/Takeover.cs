using System.Globalization;
using System.Text;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Publish;

namespace StreamScorer.Engine.Processing;

/// <summary>A partition as taken over: memory that mirrors the store, and what of its outbox still has to be published.</summary>
internal sealed record TakenPartition(PartitionMemory Memory, IReadOnlyList<OutboxEntry> Unpublished, long TailSeq, long SinkPosition)
{
    /// <summary>Whether it goes on elsewhere than where the store says, over a gap that was accepted.</summary>
    public bool IsMoved { get; init; }
}

/// <summary>
/// Takes a partition over in the one order that is safe: claim, then load, then read back the output. Loading before the claim lets a former owner commit in
/// between and be overwritten.
/// </summary>
internal static class Takeover
{
    /// <summary>Null with a reason when the store cannot be reached now; the caller tries again.</summary>
    /// <exception cref="StateStoreException">The stored state cannot be used by this version.</exception>
    public static async Task<(TakenPartition? Taken, string? Error)> RunAsync(
        IPartitionStore store, int partition, EngineContext engine, CancellationToken cancellation)
    {
        // 1. Claim. A crash after it leaves a raised epoch, which only stops older owners.
        ClaimResult claim = await store.ClaimAsync(engine.NowUnixMs, cancellation);
        if (!claim.Claimed)
            return (null, claim.Error);
        engine.Reached(EngineStep.Claimed);
        await StoredPolicy.RequireAsync(engine.Store, engine.Policy.Rules.Policy, claim.Meta.PolicyVersion, cancellation);

        // 2. Load. Nothing is written; a crash changes nothing.
        var memory = new PartitionMemory(claim.Meta, engine.Policy.Rules, new ErasureMarkers(engine.App.ErasureKey, engine.Options.ErasureMarkerTtlMs));
        if (!await store.LoadAsync(memory, cancellation))
            return (null, "the state could not be loaded whole");
        if (memory.LoadError is not null)
            throw new StateStoreException($"Partition {partition}: {memory.LoadError}. Run the version that wrote it; or build the state anew from the input: run --rebuild.");
        memory.Complete();
        engine.Reached(EngineStep.Loaded);

        // 3. Check that the input is the one that the state comes from. The look at the record itself is once per process: its cost is a client of its own.
        long offset;
        try
        {
            offset = await StartChecks.OffsetAsync(claim.Meta, engine.Source, partition, engine.Options, engine.IsFirstTakeover(partition), cancellation);
        }
        catch (PortException e) when (!e.IsTransient)
        {
            // A worker that was paused here compares its old claim with an input that somebody else has processed meanwhile.
            if ((await engine.Store.ReadMetaAsync(partition, cancellation))?.Fence != claim.Meta.Fence)
                return (null, "another worker has taken it over meanwhile");
            throw;
        }
        if (offset != claim.Meta.Offset)
        {
            engine.Observer.GapAccepted(partition, claim.Meta.Offset, offset);
            memory.Meta = memory.Meta with { Offset = offset, LastRecordHash = 0, LastRecordTimestampMs = 0 };
        }
        engine.TakenOver(partition);

        // 4. Read back the output, so that what a former owner published but did not trim is not published twice.
        TakenPartition taken = await ReadBackAsync(memory, engine.Sink, partition, engine.Options, cancellation);
        engine.Reached(EngineStep.ReadBack);
        return (taken with { IsMoved = offset != claim.Meta.Offset }, null);
    }

    private static async Task<TakenPartition> ReadBackAsync(
        PartitionMemory memory, ITransitionSink sink, int partition, EngineOptions options, CancellationToken cancellation)
    {
        PartitionMeta meta = memory.Meta;
        if (meta.SinkPosition < 0)
        {
            long end = await sink.EndPositionAsync(partition, cancellation);
            return new TakenPartition(memory, memory.LoadedOutbox, meta.PublishedSeq, end);
        }
        string incarnation = meta.Incarnation.ToString("x16", CultureInfo.InvariantCulture);
        var published = new HashSet<string>();
        long position = meta.SinkPosition, tailSeq = meta.OutboxSeq;
        int read = 0;
        await foreach (PublishedRecord record in sink.ReadAsync(partition, meta.SinkPosition, cancellation))
        {
            if (++read > options.ReadBackMax)
            {
                throw new StateStoreException($"Partition {partition}: more than {options.ReadBackMax} transitions lie behind the stored output position; "
                    + "the store is older than a crash explains. Check that it is the right one, or raise Engine:ReadBackMax.");
            }
            position = record.Position + 1;
            if (Header(record, OutboxEntry.IncarnationHeader) != incarnation || Header(record, OutboxEntry.IdHeader) is not { } id)
                continue;
            published.Add(id);
            if (long.TryParse(Header(record, OutboxEntry.SeqHeader), CultureInfo.InvariantCulture, out long seq))
                tailSeq = Math.Max(tailSeq, seq);
        }
        memory.Meta = meta with { OutboxSeq = tailSeq };
        List<OutboxEntry> unpublished = [.. memory.LoadedOutbox.Where(e => !published.Contains(e.Id))];
        return new TakenPartition(memory, unpublished, tailSeq, position);
    }

    private static string? Header(PublishedRecord record, string name)
    {
        foreach ((string key, byte[]? value) in record.Headers)
        {
            if (key == name && value is not null)
                return Encoding.UTF8.GetString(value);
        }
        return null;
    }
}
