using StreamScorer.Scoring.Models.Numerics;

namespace StreamScorer.Scoring.Models.Reference;

/// <summary>
/// Pareto/NBD: Schmittlein, Morrison and Colombo, "Counting your customers" (Management Science 1987), in the form of Fader
/// and Hardie, "A note on deriving the Pareto/NBD model" (2005). Kept for audit and for the published figures; it does not
/// score, because its P(alive) cannot be inverted for a deadline.
/// </summary>
/// <param name="R">Shape of the purchase rate over customers, > 0.</param>
/// <param name="Alpha">Inverse scale of the purchase rate, > 0, in the model's unit of time.</param>
/// <param name="S">Shape of the leaving rate over customers, > 0.</param>
/// <param name="Beta">Inverse scale of the leaving rate, > 0, in the model's unit of time.</param>
public readonly record struct ParetoNbd(double R, double Alpha, double S, double Beta)
{
    /// <summary>One sentence for every field that is out of range; empty when the parameters are usable.</summary>
    public IReadOnlyList<string> Validate()
    {
        var problems = new List<string>();
        ParameterRange.RequirePositive(problems, "r", R);
        ParameterRange.RequirePositive(problems, "alpha", Alpha);
        ParameterRange.RequirePositive(problems, "s", S);
        ParameterRange.RequirePositive(problems, "beta", Beta);
        return problems;
    }

    /// <summary>P(alive), 0..1: 1 / (1 + s/(r+s+x) (alpha+T)^(r+x) (beta+T)^s A0) (equations 36 and 37 of the note).</summary>
    public double AliveProbability(in PurchaseHistory h) => 1 / (1 + OddsOfHavingLeft(h));

    /// <summary>Expected purchases in the next <paramref name="horizon"/> (equation 41 of the note).</summary>
    public double ExpectedPurchases(in PurchaseHistory h, double horizon)
    {
        double log = SpecialFunctions.Log1p(horizon / (Beta + h.Age)), exponent = (S - 1) * log;
        // (1 - e^-exponent) / (s - 1), which tends to the logarithm as s tends to 1.
        double living = exponent == 0 ? log : -log * SpecialFunctions.Expm1(-exponent) / exponent;
        return AliveProbability(h) * (R + h.Repeats) * (Beta + h.Age) / (Alpha + h.Age) * living;
    }

    /// <summary>
    /// Expected discounted purchases without a horizon (DERT; Fader, Hardie and Lee, "RFM and CLV", 2005, with its Tricomi
    /// function written as an exponential integral): P(alive) (r+x)(beta+T)/(alpha+T) e^q E_s(q), q = delta (beta+T).
    /// </summary>
    /// <param name="h">The history.</param>
    /// <param name="discountPerUnit">delta > 0, 1/unit.</param>
    public double DiscountedResidual(in PurchaseHistory h, double discountPerUnit) =>
        AliveProbability(h) * (R + h.Repeats) * (Beta + h.Age) / (Alpha + h.Age)
            * ExponentialIntegral.Scaled(S, discountPerUnit * (Beta + h.Age));

    /// <summary>Log likelihood of one history (equation 18 of the note).</summary>
    public double LogLikelihood(in PurchaseHistory h) =>
        LogGamma.Rising(R, h.Repeats) + (R * Math.Log(Alpha)) + (S * Math.Log(Beta))
            - ((R + h.Repeats) * Math.Log(Alpha + h.Age)) - (S * Math.Log(Beta + h.Age))
            + SpecialFunctions.Log1p(OddsOfHavingLeft(h));

    internal double OddsOfHavingLeft(in PurchaseHistory h) =>
        S / (R + S + h.Repeats) * (LeftSince(h, h.Recency) - LeftSince(h, h.Age));

    /// <summary>
    /// One end of A0, times (alpha+T)^(r+x) (beta+T)^s. Its 2F1(n, .; n+1; z) becomes 2F1(1, .; n+1; -y) by Euler's and Pfaff's
    /// transformations: a continued fraction of positive terms, which does not overflow for hundreds of purchases.
    /// </summary>
    private double LeftSince(in PurchaseHistory h, double u)
    {
        double shape = R + h.Repeats, c = shape + S + 1;
        double scale = Math.Exp((shape * SpecialFunctions.Log1p((h.Age - u) / (Alpha + u)))
            + (S * SpecialFunctions.Log1p((h.Age - u) / (Beta + u))));
        return Alpha >= Beta
            ? scale * (Alpha + u) / (Beta + u) * Hypergeometric.BetaMeanOfReciprocal(S + 1, c, (Alpha - Beta) / (Beta + u))
            : scale * Hypergeometric.BetaMeanOfReciprocal(shape, c, (Beta - Alpha) / (Alpha + u));
    }
}
