using System.Text;
using StreamScorer.Engine.Commit;
using StreamScorer.Scoring;
using StreamScorer.Scoring.Events;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Populations;
using StreamScorer.Scoring.Signals;
using StreamScorer.Scoring.Signals.Explanations;
using StreamScorer.Scoring.State;
using StreamScorer.Scoring.Strategies;
using StreamScorer.Scoring.Tiers;
using StreamScorer.Scoring.Tiers.Schemes;

namespace StreamScorer.Worker.Customers;

/// <summary>Scores a stored customer at the moment of asking: silence since the last commit is elapsed on a copy, nothing is written.</summary>
public sealed class CustomerProfiler(ScoringRules rules)
{
    // A deadline solves at most a month ahead, so this many of them look five years ahead.
    private const int DeadlinesAhead = 64;

    private readonly TierScheme badge = rules.Schemes.First(scheme => scheme.Id == rules.BadgeScheme);

    private readonly BadgeFall fall = new(rules);

    /// <summary>The profile at <paramref name="nowUnixMs"/>, or at the customer's last assessment when that is later.</summary>
    /// <param name="customer">The customer as stored.</param>
    /// <param name="nowUnixMs">The present.</param>
    /// <param name="population">Everybody, for the bounds of the badge.</param>
    public CustomerProfile Score(StoredCustomer customer, long nowUnixMs, Population population)
    {
        StoredState.Read(customer, out CustomerState state, out ColdState cold);
        long atMs = Math.Max(nowUnixMs, state.LastAssessedMs);
        Scorer.Elapse(ref state, ref cold, atMs, rules, Population.None, new TierChangeBuffer());
        var signals = new CustomerSignals(in state, in cold, rules, atMs);
        Dictionary<string, HeldTier> tiers = Tiers(in state, in cold);
        LifecycleStage stage = rules.Stages.StageOf((LifecycleStage)state.HeldTiers[(int)SchemeId.Lifecycle], in signals, in state);
        TransitionFlags flags = TransitionFlagsOf.Find(in signals, in state, in cold, stage, rules.Policy.Schemes);
        return new CustomerProfile
        {
            CustomerId = Encoding.UTF8.GetString(customer.CustomerId),
            AsOf = Utc(atMs),
            Currency = rules.Policy.BaseCurrency,
            BadgeScheme = badge.Name,
            Tiers = tiers,
            Stage = rules.Stages.TierName((int)stage),
            Flags = [.. TransitionFlagsOf.NamesOf(flags)],
            Strategy = StrategyOf(in state, in cold, stage, flags),
            PendingDrop = PendingDropOf(tiers),
            Signals = SignalsOf(in signals),
            History = HistoryOf(in state),
            NextChange = Next(state, cold),
            FallAtCurrentBounds = fall.Find(in state, in cold, atMs, population),
        };
    }

    /// <summary>The profile with every signal explained.</summary>
    /// <param name="customer">The customer as stored.</param>
    /// <param name="nowUnixMs">The present.</param>
    /// <param name="population">Everybody, for the bounds of the badge and the shares of the total.</param>
    public CustomerProfile Explain(StoredCustomer customer, long nowUnixMs, Population population)
    {
        double total = population[Quantity.Contribution].Total;
        CustomerProfile profile = Score(customer, nowUnixMs, population);
        StoredState.Read(customer, out CustomerState state, out ColdState cold);
        IReadOnlyList<SignalExplanation> signals = Explanation.Of(in state, in cold, rules, Math.Max(nowUnixMs, state.LastAssessedMs), total);
        return profile with
        {
            Explanation = [.. signals.Select(s => new ExplainedSignal(s.Name, s.ChineseName, s.Value, s.Word, s.Unit, s.Arithmetic))],
        };
    }

    private Dictionary<string, HeldTier> Tiers(ref readonly CustomerState state, ref readonly ColdState cold)
    {
        var tiers = new Dictionary<string, HeldTier>();
        foreach (TierScheme scheme in rules.Schemes)
        {
            SchemeState held = SchemeState.Of(scheme.Id, in state, in cold);
            int sinceDay = state.SinceDays[(int)scheme.Id];
            tiers[scheme.Name] = new HeldTier(
                scheme.TierName(scheme.TierOf(in held)),
                sinceDay == 0 ? null : DateOnly.FromDateTime(DateTime.UnixEpoch.AddDays(sinceDay)),
                held.InGrace ? Utc(scheme.DropMs(in held)) : null);
        }
        return tiers;
    }

    private ProfileStrategy StrategyOf(ref readonly CustomerState state, ref readonly ColdState cold, LifecycleStage stage, TransitionFlags flags)
    {
        SchemeState held = SchemeState.Of(badge.Id, in state, in cold);
        // A position has no direction; the strategies of the product ask for none.
        Strategy strategy = rules.Strategies.Choose(badge.Id, badge.TierOf(in held), stage, TierDirection.Lateral, flags);
        return new ProfileStrategy(strategy.Id, strategy.Advice);
    }

    private PendingDrop? PendingDropOf(Dictionary<string, HeldTier> tiers) => tiers
        .Where(pair => pair.Value.DropAt is not null)
        .OrderByDescending(pair => pair.Key == badge.Name)
        .ThenBy(pair => pair.Value.DropAt)
        .Select(pair => new PendingDrop(pair.Key, pair.Value.Tier, pair.Value.DropAt!.Value))
        .FirstOrDefault();

    private static ProfileSignals SignalsOf(in CustomerSignals signals) => new(
        Cents(signals.CustomerValue),
        Cents(signals.DecayedProfit),
        Cents(signals.ResidualValue),
        Cents(signals.Values.CurrentValue),
        Cents(signals.Values.HistoricalValue),
        Math.Round(signals.AliveProbability, 6),
        Math.Round(signals.ChurnRisk, 6),
        Math.Round(signals.HasPurchases ? signals.Trend : 1, 4),
        Math.Round(signals.Purchases.CycleYears * ScoringRules.DaysPerYear, 1));

    private static ProfileHistory HistoryOf(ref readonly CustomerState state) => new(
        state.PurchaseCount,
        state.PurchaseDays,
        state.PurchaseCount == 0 ? null : Utc(state.FirstPurchaseMs),
        state.PurchaseCount == 0 ? null : Utc(state.LastPurchaseMs),
        Money.ToDecimal(state.Revenue),
        Money.ToDecimal(state.Refunds),
        Money.ToDecimal(state.NetRevenue),
        Money.ToDecimal(state.Cost));

    private NextChange? Next(CustomerState state, ColdState cold)
    {
        var changes = new TierChangeBuffer();
        for (int i = 0; i < DeadlinesAhead && state.DeadlineMs < long.MaxValue; i++)
        {
            Scorer.Elapse(ref state, ref cold, state.DeadlineMs, rules, Population.None, changes);
            foreach (ref readonly TierChange change in changes.Changes)
            {
                if (change.From != change.To)
                {
                    SchemeId id = change.Scheme;
                    TierScheme scheme = rules.Schemes.First(s => s.Id == id);
                    return new NextChange(scheme.Name, scheme.TierName(change.From), scheme.TierName(change.To), Utc(change.AtMs));
                }
            }
            changes.Clear();
        }
        return null;
    }

    private static DateTime Utc(long unixMs) => DateTimeOffset.FromUnixTimeMilliseconds(unixMs).UtcDateTime;

    private static double Cents(double money) => Math.Round(money, 2);
}
