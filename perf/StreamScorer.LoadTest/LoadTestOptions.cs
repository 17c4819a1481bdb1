namespace StreamScorer.LoadTest;

/// <summary>What to measure.</summary>
/// <param name="Customers">Customers held before the load begins.</param>
/// <param name="Partitions">Partitions of every topic.</param>
/// <param name="Events">Events of a backlog: of one that warms up, and of another that counts.</param>
/// <param name="Zipf">Whether few customers cause most events.</param>
/// <param name="Settled">Whether every customer has bought many times just before the load, so that what an event changes does not depend on how many customers there are.</param>
/// <param name="Quick">Shorter phases.</param>
/// <param name="ReplayFile">A file to replay standalone; null for none.</param>
/// <param name="Yardsticks">Whether the pipe, the hand-written worker and the Node peer run too.</param>
/// <param name="EventsPerSecond">Load of the latency measurement; null = 70 % of what is found to be held.</param>
/// <param name="WorkerSettings">Settings of the worker other than its defaults, <c>key=value</c>.</param>
internal sealed record LoadTestOptions(
    int Customers, int Partitions, int Events, bool Zipf, bool Settled, bool Quick, string? ReplayFile, bool Yardsticks, double? EventsPerSecond,
    IReadOnlyList<string> WorkerSettings)
{
    /// <summary>Events of the smaller load for the slow yardsticks.</summary>
    public int PeerEvents => 480_000;

    /// <summary>Length of a latency measurement.</summary>
    public TimeSpan LatencyLength => TimeSpan.FromSeconds(Quick ? 6 : 30);

    /// <summary>One customer of so many is compared with the oracle.</summary>
    public int CheckEvery => Math.Max(1, Customers / 20_000);
}
