using StreamScorer.Engine.Commit;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Populations;
using StreamScorer.Scoring.Signals;
using StreamScorer.Scoring.State;
using StreamScorer.Scoring.Tiers;
using StreamScorer.Worker.Customers;

namespace StreamScorer.Worker.Populations;

/// <summary>Adds up customers one by one, each scored at the instant of the scan.</summary>
internal sealed class PopulationScan(ScoringRules rules)
{
    private readonly TierCounts counts = new(rules);
    private readonly TierValues tierValues = new(rules);
    private readonly Histogram values = new(Quantities.ScaleOf(Quantity.CustomerValue));
    private readonly Histogram currentValues = new(Quantities.ScaleOf(Quantity.CurrentValue));
    private readonly FallsAhead falls = new(rules);
    private long clockMs = long.MinValue;
    private long applied;

    /// <summary>Adds what a partition says of itself.</summary>
    public void Add(PartitionMeta meta) => (clockMs, applied) = (Math.Max(clockMs, meta.ClockMs), applied + meta.Counters.Applied);

    /// <summary>Adds a customer.</summary>
    /// <param name="nowUnixMs">The present; a customer assessed later counts as of then.</param>
    public void Add(StoredCustomer customer, long nowUnixMs)
    {
        StoredState.Read(customer, out CustomerState hot, out ColdState cold);
        var signals = new CustomerSignals(in hot, in cold, rules, Math.Max(nowUnixMs, hot.LastAssessedMs));
        counts.Add(in hot, in cold);
        tierValues.Add(in hot, in cold, signals.CustomerValue);
        if (signals.HasPurchases)
        {
            values.Add(values.Scale.BucketOf(signals.CustomerValue), 1);
            currentValues.Add(currentValues.Scale.BucketOf(signals.Values.CurrentValue), 1);
        }
        falls.Add(customer, in hot, in cold, signals.CustomerValue);
    }

    /// <summary>The sums.</summary>
    public PopulationReport Report() => new()
    {
        Currency = rules.Policy.BaseCurrency,
        Customers = counts.Customers,
        Applied = applied,
        Clock = clockMs == long.MinValue ? null : DateTimeOffset.FromUnixTimeMilliseconds(clockMs).UtcDateTime,
        Schemes = counts.Schemes,
        BadgeScheme = rules.Schemes.First(scheme => scheme.Id == rules.BadgeScheme).Name,
        Tiers = tierValues.Shares(counts),
        Value = ValueDistribution.Of(new Distribution(values)),
        CurrentValue = ValueDistribution.Of(new Distribution(currentValues)),
    };

    /// <summary>The falls that silence will bring, soonest first.</summary>
    public FallsReport Falls(long nowUnixMs) => falls.Report(nowUnixMs);
}
