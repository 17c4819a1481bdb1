using StreamScorer.Scoring.Models.Numerics;

namespace StreamScorer.Scoring.Models;

/// <summary>
/// Discounted purchases to come of a living customer whose tick rate is known, averaged over the leaving probability
/// p ~ Beta(<paramref name="A"/>, <paramref name="B"/>).
/// </summary>
/// <param name="K">Ticks per purchase.</param>
/// <param name="Shape">Shape of the Gamma distribution that the tick rate will be averaged over.</param>
/// <param name="A">First Beta parameter (leaving).</param>
/// <param name="B">Second Beta parameter (staying), counting the purchases survived.</param>
/// <param name="Discount">delta, 1/unit.</param>
/// <param name="Horizon">H, units or infinity.</param>
internal readonly record struct DiscountedPurchases(int K, double Shape, double A, double B, double Discount, double Horizon)
{
    /// <summary>
    /// Sets <paramref name="byStage"/>[j], j &lt; K, to the discounted purchases when j ticks have passed since the last one.
    /// The i-th purchase is tick i k - j; with s = rate/(rate+delta) the discount of a tick,
    /// W_j = sum over i of rho_i s^(ik-j) P(it comes within H), rho_i = prod over l &lt; i-1 of (b+l)/(a+b+l).
    /// </summary>
    public void AtRate(double rate, Span<double> byStage)
    {
        double logDiscount = -SpecialFunctions.Log1p(Discount / rate);
        if (double.IsInfinity(Horizon)) Endless(logDiscount, byStage);
        else UntilHorizon(rate, Math.Exp(K * logDiscount), byStage);
        for (int j = 0; j < K; j++) byStage[j] *= Math.Exp((K - j) * logDiscount);
    }

    // The geometric sum E[1/(1 - (1-p) s^k)] = E[1/(1 + y p)] / (1 - s^k), y = s^k / (1 - s^k).
    private void Endless(double logDiscount, Span<double> byStage)
    {
        double complement = -SpecialFunctions.Expm1(K * logDiscount);
        double sum = Hypergeometric.BetaMeanOfReciprocal(A, A + B, (1 - complement) / complement) / complement;
        byStage[..K].Fill(sum);
    }

    // Discounting at delta and counting ticks at the rate is counting ticks at rate + delta, each worth s. Their number n in H
    // is Poisson, and floor((n+j)/k) purchases come of them. The Poisson weights start at 1 and are divided by their sum,
    // so no factorial is needed.
    private void UntilHorizon(double rate, double perPurchase, Span<double> byStage)
    {
        const double SpreadsKept = 9; // e^(-81/2) of the weight is left out on either side.
        double mean = (rate + Discount) * Horizon, spread = (SpreadsKept * Math.Sqrt(mean)) + 30;
        int first = (int)Math.Max(0, mean - spread), last = (int)(mean + spread);
        double weight = 1, totalWeight = 0;
        double sum = 0, sumWithNext = 1, term = 1;
        int bought = 0, pastPurchase = 0;
        byStage[..K].Clear();
        for (int n = 0; n <= last; n++)
        {
            if (n >= first)
            {
                totalWeight += weight;
                for (int j = 0; j < K; j++) byStage[j] += weight * (pastPurchase + j < K ? sum : sumWithNext);
                weight *= mean / (n + 1);
            }
            if (++pastPurchase < K) continue;
            pastPurchase = 0;
            term *= (B + bought) / (A + B + bought) * perPurchase;
            bought++;
            sum = sumWithNext;
            sumWithNext += term;
        }
        for (int j = 0; j < K; j++) byStage[j] /= totalWeight;
    }
}
