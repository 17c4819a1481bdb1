namespace StreamScorer.Worker.Observability;

/// <summary>This worker at a glance, for the operations board.</summary>
/// <param name="Version">Of the program.</param>
/// <param name="StartedAt">Start of the process.</param>
/// <param name="Ready">Whether <c>/health/ready</c> answers 200.</param>
/// <param name="NotReady">Why not, for people; empty when ready.</param>
/// <param name="Partitions">Partitions of this worker.</param>
/// <param name="EventsPerSecond">Consumed events per second, mean of the last ten seconds.</param>
/// <param name="Consumed">Events since the start of the process.</param>
/// <param name="LagRecords">Records that wait, over all owned partitions.</param>
/// <param name="LagSeconds">Age of the last committed record of the partition that is furthest behind; 0 when caught up.</param>
/// <param name="LatencyMs">Event to acknowledged transition; null when there was none in the last minute.</param>
/// <param name="DeadLetters">Since the start of the process.</param>
/// <param name="ResidentCustomers">Customers in memory.</param>
/// <param name="Outbox">Committed entries that the output has not acknowledged.</param>
public sealed record StatusReport(
    string Version, DateTime StartedAt, bool Ready, IReadOnlyList<string> NotReady, PartitionStatus Partitions, double EventsPerSecond, long Consumed,
    long LagRecords, double LagSeconds, LatencyStatus? LatencyMs, long DeadLetters, long ResidentCustomers, long Outbox);

/// <summary>Numbers of partitions.</summary>
/// <param name="Owned">Assigned to this worker.</param>
/// <param name="Loaded">Processed by it.</param>
/// <param name="Total">Of the input.</param>
public sealed record PartitionStatus(int Owned, int Loaded, int Total);

/// <summary>Latencies of the last minute, milliseconds.</summary>
/// <param name="P50">Half of them are not longer.</param>
/// <param name="P99">99 of 100 are not longer.</param>
public sealed record LatencyStatus(double P50, double P99);
