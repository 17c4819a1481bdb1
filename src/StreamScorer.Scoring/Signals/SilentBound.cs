using StreamScorer.Scoring.Policy;

namespace StreamScorer.Scoring.Signals;

/// <summary>
/// How far a customer's signals can fall in a silence up to an instant: lower bounds (of churn risk an upper one) made of the signals now by a few multiplications,
/// where the signals then would take a dozen logarithms and powers. In silence they fall, so that a tier which would be held even with these is held all the way.
/// </summary>
/// <remarks>
/// With x = h / (alpha + T) and R = r + repeats, for k = 1: the odds of being alive fall by (1 + x)^-R, which is at least (1 - R x / 8)^8 (Bernoulli's inequality).
/// Purchases to come are a concave function of the purchase rate that is 0 at 0, and silence scales the rate's distribution by 1 / (1 + x): their mean keeps at
/// least that share. The trend is a ratio of decayed sums over the share that a customer of this age can have reached; that share is concave in age.
/// </remarks>
internal readonly struct SilentBound
{
    // A table of ln V_H is exact to 2e-7, and sums round.
    private const double Rounding = 1 - 1e-5;

    /// <param name="now">The signals now, of a customer for whom there is a bound.</param>
    /// <param name="atMs">End of the silence, unix milliseconds.</param>
    public SilentBound(in CustomerSignals now, long atMs)
    {
        ScoringRules rules = now.Rules;
        int days = (int)((atMs - now.AtMs) / BusinessCalendar.DayMs) + 1;
        DecayedProfit = now.DecayedProfit <= 0 ? now.DecayedProfit : now.DecayedProfit * rules.ProfitDecay.OverDays(days) * Rounding;
        Trend = now.State.PurchaseDays < 3 ? now.Trend
            : now.Trend * rules.FastDecay.OverDays(days) / rules.SlowDecay.OverDays(days) * now.AgeDays / (now.AgeDays + days) * Rounding;
        double observed = rules.Purchases.Parameters.Alpha + now.History.Age;
        double x = (atMs - now.AtMs) / rules.UnitMs / observed;
        double root = Math.Max(0, 1 - rules.Purchases.Shape(now.History.Repeats) * x / 8);
        root *= root;
        root *= root;
        double odds = root * root * Rounding;
        // P(alive) then over P(alive) now; the last term keeps what is certain to stay and certain to leave from being divided by nothing.
        double alive = odds / (now.AliveProbability * odds + (1 - now.AliveProbability) + 1e-300);
        AliveProbability = now.AliveProbability * alive;
        double purchases = alive / (1 + x) * Rounding;
        ChurnRisk = 1 - (1 - now.ChurnRisk) * purchases;
        ResidualValue = now.ResidualValue * purchases;
    }

    /// <summary>At least the decayed profit at every instant until then, as all below.</summary>
    public double DecayedProfit { get; }

    /// <inheritdoc cref="CustomerSignals.AliveProbability"/>
    public double AliveProbability { get; }

    /// <summary>At most the churn risk.</summary>
    public double ChurnRisk { get; }

    /// <inheritdoc cref="CustomerSignals.ResidualValue"/>
    public double ResidualValue { get; }

    /// <inheritdoc cref="CustomerSignals.Trend"/>
    public double Trend { get; }

    /// <summary>
    /// Whether there is a bound: for random buyers (k = 1). A horizon that an ending cuts shortens as time goes on; a negative trend rises towards zero.
    /// </summary>
    public static bool Exists(in CustomerSignals now) => now.Rules.MonotoneInSilence && now.HasPurchases && !now.IsEnding && now.Trend > 0;
}
