namespace StreamScorer.WebLoad;

/// <summary>What to load a worker with.</summary>
/// <param name="Streams">Badge streams, one for each of as many customers; at least 10.</param>
/// <param name="LookupsPerSecond">Lookups a second, and as many requests to the empty endpoint.</param>
/// <param name="Seconds">Length of the measurement.</param>
/// <param name="DaysPerSecond">Days of the invented customers' calendar in one second: how much there is to score.</param>
internal sealed record WebLoadOptions(int Streams, int LookupsPerSecond, int Seconds, double DaysPerSecond)
{
    /// <summary>The same load before the measurement, not counted: the worker compiles what it needs often.</summary>
    public const int WarmUpSeconds = 5;

    /// <summary>Id of the customer with a number from 0, as the demo names them.</summary>
    public static string CustomerId(int number) => $"C{number + 1:00000}";
}
