using System.Runtime.CompilerServices;
using StreamScorer.Scoring.Models.Numerics;

namespace StreamScorer.Scoring.Models;

/// <summary>
/// Gamma-Gamma model of spend per purchase (Fader and Hardie, "The Gamma-Gamma model of monetary value", 2013): a
/// customer's purchases are Gamma(<paramref name="P"/>, nu), and nu is Gamma(<paramref name="Q"/>, <paramref name="V"/>)
/// over customers. It assumes spend to be independent of how often the customer buys. Fitted on the net spend of repeat
/// purchase days, the first one excluded.
/// </summary>
/// <param name="P">Shape of one customer's spend, > 0.</param>
/// <param name="Q">Shape of the scale over customers, > 1: the mean spend is infinite at or below 1.</param>
/// <param name="V">Inverse scale over customers, > 0, in money.</param>
public readonly record struct GammaGamma(double P, double Q, double V)
{
    /// <summary>One sentence for every field that is out of range; empty when the parameters are usable.</summary>
    public IReadOnlyList<string> Validate()
    {
        var problems = new List<string>();
        ParameterRange.RequirePositive(problems, "p", P);
        if (!(Q > 1) || !double.IsFinite(Q))
            problems.Add($"q must be a finite number > 1, was {Q}");
        ParameterRange.RequirePositive(problems, "v", V);
        return problems;
    }

    /// <summary>Mean spend per purchase over all customers, p v / (q - 1), in money: that expected of a newcomer.</summary>
    public double PriorMean => P * V / (Q - 1);

    /// <summary>
    /// Expected spend per future purchase, p (v + x m) / (p x + q - 1), in money: the prior mean and the customer's own
    /// mean, weighted by how much is known of the customer. Never negative.
    /// </summary>
    /// <param name="x">Repeat purchases with a spend, at least 0.</param>
    /// <param name="meanSpend">Mean net spend of those purchases, in money; counts as 0 when refunds make it negative.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double ExpectedSpend(int x, double meanSpend)
    {
        double spent = x * Math.Max(0, meanSpend);
        return P * (V + spent) / ((P * x) + Q - 1);
    }

    /// <summary>
    /// Log density of a mean spend <paramref name="meanSpend"/> over <paramref name="x"/> repeat purchases (equation 1a of
    /// the same note). 0 when there is nothing to learn from: no repeats, or no positive spend.
    /// </summary>
    public double LogLikelihood(int x, double meanSpend)
    {
        if (x < 1 || !(meanSpend > 0)) return 0;
        double px = P * x;
        return LogGamma.Of(px + Q) - LogGamma.Of(px) - LogGamma.Of(Q) + (Q * Math.Log(V))
            + ((px - 1) * Math.Log(meanSpend)) + (px * Math.Log(x)) - ((px + Q) * Math.Log(V + (x * meanSpend)));
    }
}
