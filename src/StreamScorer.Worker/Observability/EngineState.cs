using System.Runtime.InteropServices;
using StreamScorer.Engine;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Decode;
using StreamScorer.Engine.Processing;
using StreamScorer.Engine.Publish;

namespace StreamScorer.Worker.Observability;

/// <summary>
/// Adds up what the engine reports, commit by commit, so that one look at it is consistent: conservation holds in every <see cref="EngineSnapshot"/>. Totals
/// count since the start of the process and only what the store has confirmed.
/// </summary>
internal sealed class EngineState(int partitionCount, TimeProvider time) : IEngineObserver
{
    private readonly Lock gate = new();
    private readonly PartitionTotals[] partitions = [.. Enumerable.Range(0, partitionCount).Select(partition => new PartitionTotals { Partition = partition })];
    private readonly long[] rejections = new long[RejectionReasons.Count];
    private readonly long[] published = new long[Enum.GetValues<OutboxKind>().Length];
    private readonly Dictionary<TransitionKind, long> transitions = [];
    private long populationReadMs = time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>A copy of everything, as of one instant between commits.</summary>
    /// <param name="positions">Where the engine's partitions are, for what changes without a commit.</param>
    public EngineSnapshot Snapshot(IReadOnlyList<PartitionPosition> positions)
    {
        lock (gate)
        {
            return new EngineSnapshot(
                [.. partitions.Select(partition => partition.Copy())], positions, [.. rejections], [.. published], [.. transitions],
                time.GetUtcNow().ToUnixTimeMilliseconds(), populationReadMs);
        }
    }

    /// <inheritdoc/>
    public void TakenOver(int partition, int customers, long offset)
    {
        lock (gate)
        {
            PartitionTotals totals = partitions[partition];
            totals.Claims++;
            if (totals.IsInterrupted)
                totals.Reconnects++;
            totals.IsInterrupted = false;
            // The calibration of the new memory starts at zero again.
            (totals.CalibrationExpected, totals.CalibrationObserved) = (0, 0);
        }
    }

    /// <inheritdoc/>
    public void TakeoverFailed(int partition, string error)
    {
        lock (gate)
        {
            partitions[partition].ClaimFailures++;
            partitions[partition].IsInterrupted = true;
        }
    }

    /// <inheritdoc/>
    public void Committed(int partition, CommitOutcome outcome, int records)
    {
        lock (gate)
        {
            partitions[partition].Commits[(int)outcome]++;
            partitions[partition].IsInterrupted |= outcome != CommitOutcome.Applied;
        }
    }

    /// <inheritdoc/>
    public void Reported(in PartitionReport report)
    {
        lock (gate)
        {
            partitions[report.Partition].Add(in report);
            for (int reason = 0; reason < rejections.Length; reason++)
                rejections[reason] += report.Batch.Rejections[reason];
            foreach (TransitionKind kind in report.Batch.Transitions)
                CollectionsMarshal.GetValueRefOrAddDefault(transitions, kind, out _)++;
        }
    }

    /// <inheritdoc/>
    public void Published(int partition, IReadOnlyList<OutboxEntry> entries)
    {
        lock (gate)
        {
            foreach (OutboxEntry entry in entries)
                published[(int)entry.Kind - 1]++;
        }
    }

    /// <inheritdoc/>
    public void PopulationRead()
    {
        lock (gate)
            populationReadMs = time.GetUtcNow().ToUnixTimeMilliseconds();
    }

    /// <inheritdoc/>
    public void PopulationStale(string error)
    {
    }

    /// <inheritdoc/>
    public void Released(int partition)
    {
        lock (gate)
            partitions[partition].Release();
    }
}
