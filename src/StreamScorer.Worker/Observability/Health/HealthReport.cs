namespace StreamScorer.Worker.Observability.Health;

/// <summary>One thing that was looked at.</summary>
/// <param name="Name">What: <c>partitions</c>, <c>loaded</c>, <c>dead-letters</c>, <c>lag</c>, <c>store</c>, <c>broker</c>, <c>ticks</c>, <c>folds</c>.</param>
/// <param name="Ok">Whether it is as it should be.</param>
/// <param name="Detail">What was found, for people.</param>
public sealed record HealthCheck(string Name, bool Ok, string Detail);

/// <summary>The answer of a health endpoint.</summary>
/// <param name="Checks">Everything that was looked at, in order.</param>
public sealed record HealthReport(IReadOnlyList<HealthCheck> Checks)
{
    /// <summary><c>ok</c>, or <c>failing</c> when one check is.</summary>
    public string Status => IsOk ? "ok" : "failing";

    /// <summary>Whether all is as it should be; else the answer is 503.</summary>
    internal bool IsOk => Checks.All(check => check.Ok);
}
