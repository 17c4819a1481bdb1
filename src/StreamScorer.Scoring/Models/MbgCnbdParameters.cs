namespace StreamScorer.Scoring.Models;

/// <summary>
/// Parameters of MBG/CNBD-k: the ticks of a customer are a Poisson process whose rate is Gamma(<paramref name="R"/>,
/// <paramref name="Alpha"/>) over customers, every <paramref name="K"/>-th tick is a purchase, and after every purchase,
/// the first one included, the customer leaves with a probability that is Beta(<paramref name="A"/>, <paramref name="B"/>)
/// over customers. Platzer and Reutterer, "Ticking away the moments" (Marketing Science 2016) for k > 1; Batislam,
/// Denizel and Filiztekin (2007) for k = 1.
/// </summary>
/// <param name="K">Regularity: ticks per purchase, 1..4. 1 buys at random, 4 almost like a clock.</param>
/// <param name="R">Shape of the tick rate over customers, > 0.</param>
/// <param name="Alpha">Inverse scale of the tick rate, > 0, in the model's unit of time.</param>
/// <param name="A">First Beta parameter (leaving), > 0.</param>
/// <param name="B">Second Beta parameter (staying), > 0.</param>
public readonly record struct MbgCnbdParameters(int K, double R, double Alpha, double A, double B)
{
    /// <summary>The largest regularity the library evaluates.</summary>
    public const int MaxK = 4;

    /// <summary>Probability that a customer is still alive right after the first purchase: B / (A + B).</summary>
    public double NewcomerAlive => B / (A + B);

    /// <summary>
    /// False when fewer than one customer in a thousand leaves at a purchase: a fit found no sign of leaving in its data, and
    /// P(alive) carries no information.
    /// </summary>
    public bool DropoutIdentified => A / (A + B) >= 1e-3;

    /// <summary>One sentence for every field that is out of range; empty when the parameters are usable.</summary>
    public IReadOnlyList<string> Validate()
    {
        var problems = new List<string>();
        if (K is < 1 or > MaxK)
            problems.Add($"k must be 1..{MaxK}, was {K}");
        ParameterRange.RequirePositive(problems, "r", R);
        ParameterRange.RequirePositive(problems, "alpha", Alpha);
        ParameterRange.RequirePositive(problems, "a", A);
        ParameterRange.RequirePositive(problems, "b", B);
        return problems;
    }
}
