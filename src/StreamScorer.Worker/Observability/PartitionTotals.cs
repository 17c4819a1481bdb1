using StreamScorer.Engine;
using StreamScorer.Engine.Commit;

namespace StreamScorer.Worker.Observability;

/// <summary>What is counted of one partition: totals since the start of the process, and where it stood at its last report.</summary>
internal sealed class PartitionTotals
{
    /// <summary>Partition number, from 0.</summary>
    public required int Partition { get; init; }

    /// <summary>The conservation counters.</summary>
    public PartitionCounters Counters { get; private set; }

    /// <summary>Commits by <see cref="CommitOutcome"/>.</summary>
    public long[] Commits { get; private set; } = new long[Enum.GetValues<CommitOutcome>().Length];

    /// <summary>Times that it was taken over.</summary>
    public long Claims { get; set; }

    /// <summary>Times that it could not be taken over.</summary>
    public long ClaimFailures { get; set; }

    /// <summary>Times that it was taken over again after the store had not answered or had not applied a commit.</summary>
    public long Reconnects { get; set; }

    /// <summary>Deadlines that passed.</summary>
    public long TimersFired { get; private set; }

    /// <summary>Repeat purchase days that the model expected.</summary>
    public double ExpectedPurchases { get; private set; }

    /// <summary>Repeat purchase days that came.</summary>
    public long ObservedPurchases { get; private set; }

    /// <summary>Whether something failed since it was taken over last.</summary>
    public bool IsInterrupted { get; set; }

    /// <summary>The calibration's own sums at the last report.</summary>
    public double CalibrationExpected { get; set; }

    /// <inheritdoc cref="CalibrationExpected"/>
    public long CalibrationObserved { get; set; }

    /// <summary>Next source offset, or -1 while unknown or not owned.</summary>
    public long Offset { get; private set; } = -1;

    /// <summary>Broker timestamp of the last committed record, unix milliseconds.</summary>
    public long LastRecordTimestampMs { get; private set; }

    /// <summary>Customers in memory.</summary>
    public int Customers { get; private set; }

    /// <summary>Deadlines armed.</summary>
    public int TimersPending { get; private set; }

    /// <summary>Customers by scheme and tier, in the order of the engine's census; empty while not owned.</summary>
    public int[] Tiers { get; private set; } = [];

    /// <summary>Adds a report.</summary>
    public void Add(in PartitionReport report)
    {
        PartitionCounters before = report.Before, after = report.Meta.Counters;
        Counters = new PartitionCounters(
            Counters.Consumed + after.Consumed - before.Consumed,
            Counters.Applied + after.Applied - before.Applied,
            Counters.Duplicate + after.Duplicate - before.Duplicate,
            Counters.DeadLettered + after.DeadLettered - before.DeadLettered,
            Counters.Erased + after.Erased - before.Erased,
            Counters.Late + after.Late - before.Late,
            Counters.LateInexact + after.LateInexact - before.LateInexact);
        TimersFired += report.Batch.TimersFired;
        ExpectedPurchases += report.Calibration.Expected - CalibrationExpected;
        ObservedPurchases += report.Calibration.Observed - CalibrationObserved;
        (CalibrationExpected, CalibrationObserved) = (report.Calibration.Expected, report.Calibration.Observed);
        (Offset, LastRecordTimestampMs) = (report.Meta.Offset, report.Meta.LastRecordTimestampMs);
        (Customers, TimersPending) = (report.Customers, report.TimersPending);
        if (Tiers.Length == 0)
            Tiers = new int[report.Tiers.Counts.Length];
        report.Tiers.Counts.CopyTo(Tiers);
    }

    /// <summary>The partition is another worker's now: what stands is forgotten, what was counted stays.</summary>
    public void Release()
    {
        (Offset, Customers, TimersPending, Tiers) = (-1, 0, 0, []);
        IsInterrupted = false;
    }

    /// <summary>A copy that later reports do not reach.</summary>
    public PartitionTotals Copy()
    {
        var copy = (PartitionTotals)MemberwiseClone();
        (copy.Tiers, copy.Commits) = ([.. Tiers], [.. Commits]);
        return copy;
    }
}
