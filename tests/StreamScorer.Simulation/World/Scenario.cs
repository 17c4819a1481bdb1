using StreamScorer.Engine;
using StreamScorer.Scoring.Policy;

namespace StreamScorer.Simulation.World;

/// <summary>Everything that a seed decides before the run begins.</summary>
public sealed class Scenario
{
    private const long DayMs = BusinessCalendar.DayMs;

    // Built once: tables of the models cost more than a run.
    private static readonly ScoringRules absoluteOnly = new(new ScoringPolicy { Schemes = AbsoluteSchemes() });
    private static readonly ScoringRules allSchemes = new(new ScoringPolicy { Schemes = new SchemesPolicy { MinPopulation = 2 } });

    /// <param name="seed">Decides everything.</param>
    /// <param name="wanted">Faults that must be among the run's, for a canary.</param>
    public Scenario(int seed, Fault wanted = Fault.None)
    {
        Seed = seed;
        Random = new Random(seed);
        Partitions = Random.Next(1, 4);
        Workers = Random.Next(1, 4);
        Customers = Random.Next(2, 9);
        Events = Random.Next(30, 160);
        foreach (Fault fault in Enum.GetValues<Fault>())
        {
            if (fault is not (Fault.None or Fault.StoreFlushed) && Random.NextDouble() < 0.4)
                Faults |= fault;
        }
        if (Random.NextDouble() < 0.02)
            Faults |= Fault.StoreFlushed;
        Faults |= wanted;
        Rules = Random.NextDouble() < 0.7 ? absoluteOnly : allSchemes;
        Options = ChooseOptions();
    }

    /// <summary>The run's number.</summary>
    public int Seed { get; }

    /// <summary>The one source of chance in the run.</summary>
    public Random Random { get; }

    /// <summary>Partitions of input and output.</summary>
    public int Partitions { get; }

    /// <summary>Workers that compete for them.</summary>
    public int Workers { get; }

    /// <summary>Customers.</summary>
    public int Customers { get; }

    /// <summary>Records of the input, about.</summary>
    public int Events { get; }

    /// <summary>What goes wrong.</summary>
    public Fault Faults { get; }

    /// <summary>The policy.</summary>
    public ScoringRules Rules { get; }

    /// <summary>The engine's limits: small ones, so that every limit is met.</summary>
    public EngineOptions Options { get; }

    /// <summary>
    /// Whether every transition is foreseen: the clock is the events', which come in order, and no tier depends on when the population was measured.
    /// </summary>
    public bool IsForeseen => Options.Clock == ClockMode.Event && !Has(Fault.OutOfOrder) && Rules == absoluteOnly;

    /// <summary>Whether a transition may reach the output more than once, apart from those that a former owner's producer still had queued.</summary>
    public bool MayRepeat => (Faults & (Fault.Pause | Fault.Eviction | Fault.StoreRollback)) != 0;

    /// <summary>Whether a fault is among the run's.</summary>
    public bool Has(Fault fault) => (Faults & fault) != 0;

    /// <inheritdoc/>
    public override string ToString() =>
        $"seed {Seed}: {Partitions} partitions, {Workers} workers, {Customers} customers, about {Events} records, {Options.Clock} clock, "
        + $"{(Rules == absoluteOnly ? "absolute" : "all")} schemes, batches of {Options.BatchSizeMax}; {Faults}";

    private static SchemesPolicy AbsoluteSchemes()
    {
        var all = new SchemesPolicy();
        return all with
        {
            Badge = "absolute",
            Pyramid = all.Pyramid with { Enabled = false },
            RelativeValue = all.RelativeValue with { Enabled = false },
            Rfm = all.Rfm with { Enabled = false },
            Pareto = all.Pareto with { Enabled = false },
            CycleTicket = all.CycleTicket with { Enabled = false },
        };
    }

    private EngineOptions ChooseOptions()
    {
        bool wall = Random.NextDouble() < 0.25;
        int batch = Pick(2, 5, 20, 100);
        return new EngineOptions
        {
            BatchSizeMax = batch,
            Clock = wall ? ClockMode.Wall : ClockMode.Event,
            RecalibrationIntervalMs = wall ? 60_000 : Pick(30, 90) * DayMs,
            RecalibrationStrideMaxMs = Pick(60, 180) * DayMs,
            RevokeDrainMaxMs = Pick(1_000, 10_000),
            OutboxReservePerRecord = 4,
            OutboxMax = batch * 4 + Pick(1, 10, 100),
            PublishBatchMax = Pick(1, 3, 100),
            PublishSchemes = ["absolute", "churn", "lifecycle", "value-growth", "value-loyalty", "pyramid"],
        };
    }

    private int Pick(params ReadOnlySpan<int> choices) => choices[Random.Next(choices.Length)];
}
