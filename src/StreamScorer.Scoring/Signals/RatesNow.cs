using System.Runtime.Intrinsics;
using StreamScorer.Scoring.Policy;

namespace StreamScorer.Scoring.Signals;

/// <summary>
/// Turns sums that decayed up to the day of the newest event, fast or slowly, into yearly rates as of now; made once for all sums of a customer with purchases.
/// </summary>
internal readonly struct RatesNow
{
    // Yearly rate per unit of a sum, and what is left of the first purchase day's part of it.
    private readonly double fast, slow, firstDayFast, firstDaySlow;

    /// <param name="signals">The customer and the instant.</param>
    public RatesNow(in CustomerSignals signals)
    {
        Decay fastDecay = signals.Rules.FastDecay, slowDecay = signals.Rules.SlowDecay;
        ref readonly SteadySignals steady = ref signals.Steady;
        AgeDays = Math.Max(signals.AgeDays, 1e-6);
        double sinceDays = Math.Max(0, signals.AtMs - steady.AsOfDayMs) / (double)BusinessCalendar.DayMs;
        Vector256<double> left = Vector256.Exp(
            Vector256.Create(sinceDays, sinceDays, AgeDays, AgeDays)
            * Vector256.Create(fastDecay.LogPerDay, slowDecay.LogPerDay, fastDecay.LogPerDay, slowDecay.LogPerDay));
        // The unbiased rate of a decayed sum D is (ln 2 / h) D / (1 - 2^(-age/h)): the denominator makes up for the time before the first purchase.
        fast = fastDecay.YearFactor * left[0] / (1 - left[2]);
        slow = slowDecay.YearFactor * left[1] / (1 - left[3]);
        (firstDayFast, firstDaySlow) = (fastDecay.OverDays(steady.AsOfDayAge), slowDecay.OverDays(steady.AsOfDayAge));
    }

    /// <summary>Time since the first purchase day, days.</summary>
    public double AgeDays { get; }

    /// <summary>Yearly rate of a slowly decaying sum.</summary>
    public double Slow(double sum) => slow * sum;

    /// <summary>Yearly rates of two sums without what the first purchase day brought.</summary>
    public (double Fast, double Slow) Repeats((double Fast, double Slow) sums, double firstDay) =>
        (fast * Difference(sums.Fast, firstDay * firstDayFast), slow * Difference(sums.Slow, firstDay * firstDaySlow));

    // What rounding leaves of a difference that is really zero would make a trend of noise.
    private static double Difference(double sum, double first) => Math.Abs(sum - first) <= 1e-9 * Math.Abs(first) ? 0 : sum - first;
}
