using StreamScorer.Scoring.Models.Numerics;

namespace StreamScorer.Scoring.Models;

/// <summary>
/// What is believed of a customer known to be alive: ticks at a rate that is Gamma(<paramref name="Shape"/>,
/// <paramref name="Rate"/>), every <paramref name="K"/>-th a purchase, each followed by leaving with a probability that is
/// Beta(<paramref name="A"/>, <paramref name="B"/>).
/// </summary>
internal readonly record struct AliveBelief(int K, double Shape, double Rate, double A, double B);

/// <summary>Expected number of purchases within a horizon of a customer known to be alive.</summary>
internal static class PurchaseCount
{
    /// <summary>
    /// Expected purchases within <paramref name="horizon"/> when <paramref name="stage"/> of the k ticks up to the next
    /// purchase have passed.
    /// </summary>
    public static double Expected(in AliveBelief belief, int stage, double horizon)
    {
        if (!(horizon > 0)) return 0;
        // Close to a = 1 the closed form is 0/0, and far above it (1-z)^(a-1) underflows.
        bool closedFormIsSafe = belief.K == 1 && Math.Abs(belief.A - 1) > 1e-3 && belief.A < 50;
        return closedFormIsSafe ? ClosedForm(belief, horizon) : SumOverTicks(belief, stage, horizon);
    }

    /// <summary>
    /// k = 1: C/(a-1) (1 - (1-z)^(a-1) 2F1(a-1, C-R; C; z)), C = a + b - 1, z = h/(rate+h): Fader, Hardie and Lee (2005),
    /// equation 10, after Euler's transformation, which keeps the series short and free of overflow for frequent buyers.
    /// </summary>
    private static double ClosedForm(in AliveBelief belief, double horizon)
    {
        double c = belief.A + belief.B - 1, z = horizon / (belief.Rate + horizon);
        double series = Hypergeometric.Series(belief.A - 1, c - belief.Shape, c, z);
        double rest = Math.Exp(-(belief.A - 1) * SpecialFunctions.Log1p(horizon / belief.Rate));
        return c / (belief.A - 1) * (1 - (rest * series));
    }

    /// <summary>
    /// Any k: the number of ticks n is negative binomial, and floor((n + stage) / k) purchases come of them if the customer
    /// stays, of which the i-th comes with probability prod over l &lt; i-1 of (b+l)/(a+b+l). All terms are positive. The
    /// weights are left unnormalised and divided by their sum, because (1-z)^R underflows for frequent buyers.
    /// </summary>
    private static double SumOverTicks(in AliveBelief belief, int stage, double horizon)
    {
        const double RoomBeforeOverflow = 1e250;
        const int MaxTicks = 10_000_000;
        double z = horizon / (belief.Rate + horizon);
        double weight = 1, totalWeight = 1, weighted = 0, purchases = 0, stays = 1;
        int ticksToNext = belief.K - stage, bought = 0;
        for (int n = 1; n < MaxTicks; n++)
        {
            double growth = (belief.Shape + n - 1) / n * z;
            weight *= growth;
            if (--ticksToNext == 0)
            {
                purchases += stays;
                stays *= (belief.B + bought) / (belief.A + belief.B + bought);
                bought++;
                ticksToNext = belief.K;
            }
            totalWeight += weight;
            weighted += weight * purchases;
            // Past the mode the remaining weights are below a geometric series; the factor n bounds the purchases' growth.
            if (growth < 1 && weight * (n + 1) <= 1e-17 * weighted * (1 - growth)) break;
            if (totalWeight > RoomBeforeOverflow)
            {
                weight /= RoomBeforeOverflow;
                totalWeight /= RoomBeforeOverflow;
                weighted /= RoomBeforeOverflow;
            }
        }
        return weighted / totalWeight;
    }
}
