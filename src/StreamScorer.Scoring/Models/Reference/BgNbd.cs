using StreamScorer.Scoring.Models.Numerics;

namespace StreamScorer.Scoring.Models.Reference;

/// <summary>
/// BG/NBD: Fader, Hardie and Lee, "Counting your customers the easy way" (Marketing Science 2005). Kept for audit and for
/// the published figures; it does not score. It holds every one-time buyer alive for ever, because a customer can leave
/// only after a repeat purchase.
/// </summary>
/// <param name="R">Shape of the purchase rate over customers, > 0.</param>
/// <param name="Alpha">Inverse scale of the purchase rate, > 0, in the model's unit of time.</param>
/// <param name="A">First Beta parameter (leaving), > 0.</param>
/// <param name="B">Second Beta parameter (staying), > 0.</param>
public readonly record struct BgNbd(double R, double Alpha, double A, double B)
{
    /// <summary>False when fewer than one customer in a thousand leaves at a purchase: P(alive) then says nothing.</summary>
    public bool DropoutIdentified => A / (A + B) >= 1e-3;

    /// <summary>One sentence for every field that is out of range; empty when the parameters are usable.</summary>
    public IReadOnlyList<string> Validate()
    {
        var problems = new List<string>();
        ParameterRange.RequirePositive(problems, "r", R);
        ParameterRange.RequirePositive(problems, "alpha", Alpha);
        ParameterRange.RequirePositive(problems, "a", A);
        ParameterRange.RequirePositive(problems, "b", B);
        return problems;
    }

    /// <summary>P(alive), 0..1: 1 without repeats, else 1 / (1 + a/(b+x-1) ((alpha+T)/(alpha+t_x))^(r+x)).</summary>
    public double AliveProbability(in PurchaseHistory h) =>
        h.Repeats == 0 ? 1 : 1 / (1 + Math.Exp(LogOddsOfHavingLeft(h)));

    /// <summary>P(no purchase in the next <paramref name="horizon"/>), 0..1.</summary>
    public double NoPurchaseProbability(in PurchaseHistory h, double horizon)
    {
        double growth = SpecialFunctions.Log1p(horizon / (Alpha + h.Age));
        return 1 + (AliveProbability(h) * SpecialFunctions.Expm1(-(R + h.Repeats) * growth));
    }

    /// <summary>
    /// Expected purchases in the next <paramref name="horizon"/> (equation 10). Of a newcomer, new(0, 0, 0), it is E[X(t)]
    /// (equation 9).
    /// </summary>
    public double ExpectedPurchases(in PurchaseHistory h, double horizon) =>
        AliveProbability(h) * PurchaseCount.Expected(new(1, R + h.Repeats, Alpha + h.Age, A, B + h.Repeats), 0, horizon);

    /// <summary>Expected discounted purchases within <paramref name="horizon"/>; for infinity, the DERT.</summary>
    /// <param name="h">The history.</param>
    /// <param name="discountPerUnit">delta, 1/unit; > 0 for an infinite horizon.</param>
    /// <param name="horizon">In model units, or infinity.</param>
    public double DiscountedResidual(in PurchaseHistory h, double discountPerUnit, double horizon)
    {
        Span<double> value = stackalloc double[MbgCnbdParameters.MaxK];
        double rate = Alpha + h.Age;
        var integrand = new DiscountedPurchases(1, R + h.Repeats, A, B + h.Repeats, discountPerUnit, horizon);
        new RateLattice(integrand, [], rate).Mean(rate, value);
        return AliveProbability(h) * value[0];
    }

    /// <summary>
    /// Silence after the last purchase at which P(alive) has fallen to <paramref name="theta"/>: 0 when it is there already,
    /// infinity without repeats and beyond <see cref="MbgCnbd.SilenceCap"/>.
    /// </summary>
    public double SilenceUntilAlive(int repeats, double recency, double theta)
    {
        if (repeats == 0) return double.PositiveInfinity;
        double u = (Math.Log((1 - theta) / theta) + Math.Log((B + repeats - 1) / A)) / (R + repeats);
        if (!(u > 0)) return 0;
        double silence = (Alpha + recency) * SpecialFunctions.Expm1(u);
        return silence <= MbgCnbd.SilenceCap ? silence : double.PositiveInfinity;
    }

    /// <summary>Log likelihood of one history (equation 6, in the overflow-free form of Fader and Hardie's note 027).</summary>
    public double LogLikelihood(in PurchaseHistory h)
    {
        int x = h.Repeats;
        double silent = LogGamma.Rising(R, x) + (R * Math.Log(Alpha)) - ((R + x) * Math.Log(Alpha + h.Age))
            + LogGamma.Rising(B, x) - LogGamma.Rising(A + B, x);
        return x == 0 ? silent : silent + SpecialFunctions.LogSumExp(0, LogOddsOfHavingLeft(h));
    }

    /// <summary>P(X(t) = n): a newcomer makes <paramref name="n"/> repeat purchases within t (equation 8).</summary>
    public double RepeatCountProbability(int n, double t)
    {
        double logZ = Math.Log(t / (Alpha + t)), logNone = -R * SpecialFunctions.Log1p(t / Alpha);
        double term = Math.Exp(logNone), fewer = 0;
        for (int j = 0; j < n; j++)
        {
            fewer += term;
            term *= (R + j) / (j + 1) * Math.Exp(logZ);
        }
        double stayed = Math.Exp(LogGamma.Rising(B, n) - LogGamma.Rising(A + B, n));
        if (n == 0) return stayed * term;
        double leftAtLast = stayed * A / (B + n - 1);
        return (stayed * term) + (leftAtLast * (1 - fewer));
    }

    private double LogOddsOfHavingLeft(in PurchaseHistory h) =>
        Math.Log(A / (B + h.Repeats - 1)) + ((R + h.Repeats) * SpecialFunctions.Log1p(h.Silence / (Alpha + h.Recency)));
}
