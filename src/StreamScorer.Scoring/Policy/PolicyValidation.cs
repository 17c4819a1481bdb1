using System.Collections.Immutable;
using System.Globalization;

namespace StreamScorer.Scoring.Policy;

/// <summary>Checks ranges and the relations between constants.</summary>
public static class PolicyValidation
{
    /// <summary>All violations, as sentences that name key, value and range; empty when the policy is sound.</summary>
    public static IReadOnlyList<string> Check(ScoringPolicy policy)
    {
        var c = new Checker();
        c.Range("version", policy.Version, 1, long.MaxValue);
        c.That(TimeZoneInfo.TryFindSystemTimeZoneById(policy.BusinessTimeZone, out _),
            $"businessTimeZone: '{policy.BusinessTimeZone}' is not a known IANA time zone, such as UTC or Asia/Shanghai");
        c.That(policy.BaseCurrency.Length == 3, $"baseCurrency: '{policy.BaseCurrency}' must be a three-letter ISO 4217 code");
        foreach ((string currency, decimal rate) in policy.Rates)
            c.Range($"rates.{currency}", (double)rate, 1e-9, 1e9);
        Value(c, policy.Value);
        Model(c, policy.Model);
        policy.Growth.Check(c);
        policy.Relationship.Check(c);
        policy.Degrees.Check(c);
        Schemes(c, policy);
        return c.Errors;
    }

    private static void Value(Checker c, ValuePolicy v)
    {
        c.Range("value.discountRatePerYear", v.DiscountRatePerYear, 0, 1);
        c.Range("value.horizonYears", v.HorizonYears, 0.25, 50);
        c.Range("value.profitHalfLifeDays", v.ProfitHalfLifeDays, 1, 36_500);
        c.Range("value.fastHalfLifeDays", v.FastHalfLifeDays, 1, 36_500);
        c.Range("value.slowHalfLifeDays", v.SlowHalfLifeDays, 2, 36_500);
        c.That(v.SlowHalfLifeDays >= 2 * v.FastHalfLifeDays,
            $"value.slowHalfLifeDays: {Text(v.SlowHalfLifeDays)} must be at least twice value.fastHalfLifeDays ({Text(v.FastHalfLifeDays)})");
        c.Range("value.priorCycleYears", v.PriorCycleYears, 1 / 365.25, 50);
        c.Range("value.priorCycleWeight", v.PriorCycleWeight, 0.01, 1000);
        c.Range("value.priorMarginRate", v.PriorMarginRate, 0, 1);
        c.Range("value.priorMarginWeight", v.PriorMarginWeight, 0.01, 1e12);
    }

    private static void Model(Checker c, ModelPolicy m)
    {
        c.Range("model.unitDays", m.UnitDays, 1, 366);
        c.Range("model.k", m.K, 1, 4);
        c.Range("model.r", m.R, 1e-5, 1e5);
        c.Range("model.alpha", m.Alpha, 1e-5, 1e5);
        c.Range("model.a", m.A, 1e-5, 1e5);
        c.Range("model.b", m.B, 1e-5, 1e5);
        c.Range("model.spendP", m.SpendP, 1e-3, 1e5);
        c.Range("model.spendQ", m.SpendQ, 1.000001, 1e5);
        c.Range("model.spendV", m.SpendV, 1e-6, 1e9);
        c.Range("model.churnHorizonDays", m.ChurnHorizonDays, 1, 3650);
    }

    private static void Schemes(Checker c, ScoringPolicy policy)
    {
        SchemesPolicy s = policy.Schemes;
        c.That(Tiers.TierSchemes.Names.Contains(s.Badge),
            $"schemes.badge: '{s.Badge}' is not a scheme; allowed: {string.Join(", ", Tiers.TierSchemes.Names)}");
        c.Range("schemes.minPopulation", s.MinPopulation, 1, int.MaxValue);
        c.Ordered("schemes.pyramid.topShares", s.Pyramid.TopShares, 3, 0, 1, rising: true);
        c.Range("schemes.pyramid.rankBand", s.Pyramid.RankBand, 1, 2);
        c.Range("schemes.pyramid.graceDays", s.Pyramid.GraceDays, 0, 3650);
        c.Ordered("schemes.absolute.bounds", s.Absolute.Bounds, 3, -1e12, 1e12, rising: false);
        c.Range("schemes.absolute.bandShare", s.Absolute.BandShare, 0, 0.9);
        c.Range("schemes.absolute.bandMinimum", s.Absolute.BandMinimum, 0, 1e12);
        c.Range("schemes.absolute.graceDays", s.Absolute.GraceDays, 0, 3650);
        c.Ordered("schemes.churn.bounds", s.Churn.Bounds, 2, 0, 1, rising: true);
        c.Range("schemes.churn.bandShare", s.Churn.BandShare, 0, 0.2);
        c.Range("schemes.churn.graceDays", s.Churn.GraceDays, 0, 3650);
        LifecyclePolicy l = s.Lifecycle;
        double newborn = policy.Model.B / (policy.Model.A + policy.Model.B);
        c.Range("schemes.lifecycle.newPurchaseDays", l.NewPurchaseDays, 1, 1000);
        c.Range("schemes.lifecycle.trendMargin", l.TrendMargin, 0.01, 0.99);
        c.Range("schemes.lifecycle.trendBand", l.TrendBand, 0, l.TrendMargin);
        c.Range("schemes.lifecycle.firstPeriodDays", l.FirstPeriodDays, 0, 36_500);
        c.That(l.ExitedAliveBelow > 0 && l.ExitedAliveBelow < l.DeclineAliveBelow && l.DeclineAliveBelow < newborn,
            $"schemes.lifecycle: 0 < exitedAliveBelow ({Text(l.ExitedAliveBelow)}) < declineAliveBelow ({Text(l.DeclineAliveBelow)}) < b/(a+b) ({Text(newborn)}) "
            + "must hold, else newcomers are born in decline");
    }

    private static string Text(double value) => value.ToString("G6", CultureInfo.InvariantCulture);

    internal sealed class Checker
    {
        public List<string> Errors { get; } = [];

        public void That(bool holds, string error)
        {
            if (!holds)
                Errors.Add(error);
        }

        public void Range(string key, double value, double low, double high) =>
            That(value >= low && value <= high, $"{key}: {Text(value)} is out of range; allowed: {Text(low)} to {Text(high)}");

        public void Weights(string key, ImmutableArray<double> values)
        {
            That(values.Length == 3, $"{key}: {values.Length} values; exactly 3 are needed");
            for (int i = 0; i < values.Length; i++)
                Range($"{key}[{i}]", values[i], 0, 1000);
            That(values.Sum() > 0, $"{key}: all are 0; one must be above 0");
        }

        public void Ordered(string key, ImmutableArray<double> values, int count, double low, double high, bool rising)
        {
            That(values.Length == count, $"{key}: {values.Length} values; exactly {count} are needed");
            for (int i = 0; i < values.Length; i++)
            {
                Range($"{key}[{i}]", values[i], low, high);
                bool ordered = i == 0 || (rising ? values[i] > values[i - 1] : values[i] < values[i - 1]);
                That(ordered, $"{key}[{i}]: {Text(values[i])} must be {(rising ? "above" : "below")} the one before it");
            }
        }
    }
}
