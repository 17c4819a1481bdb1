using StreamScorer.Scoring.Models;
using StreamScorer.Scoring.Policy;

namespace StreamScorer.Scoring.Signals;

/// <summary>
/// How far a customer's signals can fall in a silence up to an instant: lower bounds (of churn risk an upper one) made of the signals now by a few multiplications,
/// where the signals then would take a dozen logarithms and powers. In silence they fall, so that a tier which would be held even with these is held all the way.
/// </summary>
/// <remarks>
/// For k = 1, with h the silence, x = h / (alpha + T) and R = r + repeats. The odds of being alive fall by (1 + x)^-R, which is at least (1 - R x / 8)^8 (Bernoulli's
/// inequality). Purchases to come are a concave function of the purchase rate that is 0 at 0, and silence scales the rate's distribution by 1 / (1 + x): their mean
/// keeps at least that share. The logarithm of P(no purchase within the churn horizon H | alive) = (1 + H / (alpha + T))^-R rises ever slower: by at most
/// y = R x H / (alpha + T + H), and e^y is at most (1 - y / 8)^-8. The trend falls at most as the fast decay over the slow one, because the share of a full sum that
/// a customer of this age can have reached rises relatively faster for the slow one.
/// </remarks>
public readonly struct SilentBound
{
    // Sums round, far less than this.
    private const double Rounding = 1 - 1e-5;

    // Added to what may be 0 before it divides.
    private const double Least = 1e-300;

    /// <param name="now">The signals now, of a customer for whom there is a bound.</param>
    /// <param name="atMs">End of the silence, unix milliseconds.</param>
    public SilentBound(in CustomerSignals now, long atMs)
    {
        ScoringRules rules = now.Rules;
        long silentMs = atMs - now.AtMs, days = Math.DivRem(silentMs, BusinessCalendar.DayMs, out long restMs);
        DecayedProfit = now.DecayedProfit <= 0 ? now.DecayedProfit : now.DecayedProfit * AtLeast(rules.ProfitDecay, (int)days, restMs);
        // Below three purchase days there is none, and it stays 1.
        Trend = now.State.PurchaseDays < 3 ? now.Trend
            : now.Trend * AtLeast(rules.FastDecay, (int)days, restMs) / rules.SlowDecay.OverDays((int)days);
        PurchaseHistory history = now.History;
        double observed = rules.Purchases.Parameters.Alpha + history.Age, shape = rules.Purchases.Shape(history.Repeats);
        double x = silentMs / (rules.UnitMs * observed);
        double odds = EighthPower(1 - shape * x / 8) * Rounding;
        double alive = now.AliveProbability;
        // P(alive) then over P(alive) now.
        double staying = odds / (alive * odds + (1 - alive) + Least);
        AliveProbability = alive * staying;
        // Now and then are read off a table, each with its error.
        ResidualValue = now.ResidualValue * staying / (1 + x) * (Rounding - 2 * rules.Residual.RelativeError);
        double missing = 1 - (1 - now.ChurnRisk) / (alive + Least);
        double y = shape * x * rules.ChurnHorizon / (observed + rules.ChurnHorizon);
        ChurnRisk = 1 - AliveProbability * Math.Max(0, 1 - missing / (EighthPower(1 - y / 8) * Rounding + Least));
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

    // e^-z is at least 1 - z.
    private static double AtLeast(Decay decay, int days, long restMs) =>
        decay.OverDays(days) * Math.Max(0, 1 + restMs * decay.LogPerMs) * Rounding;

    private static double EighthPower(double root)
    {
        double square = Math.Max(0, root) * Math.Max(0, root), fourth = square * square;
        return fourth * fourth;
    }
}
