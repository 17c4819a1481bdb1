using StreamScorer.Engine;
using StreamScorer.Simulation.Canaries;
using StreamScorer.Simulation.Ports;

namespace StreamScorer.Simulation.World;

/// <summary>What the workers of a run share.</summary>
internal sealed class Surroundings
{
    public required Scenario Scenario { get; init; }

    public required Canary Canary { get; init; }

    public required Broker Broker { get; init; }

    public required Network Network { get; init; }

    public required StoreServer Server { get; init; }

    public required Group Group { get; init; }

    /// <summary>Receives one line for everything of note; null when nobody looks.</summary>
    public Action<string>? Trace { get; init; }

    /// <summary>Told every step of every worker.</summary>
    public required Action<Worker, EngineStep> Reached { get; init; }

    /// <summary>The right time, unix milliseconds.</summary>
    public long NowMs { get; set; }
}
