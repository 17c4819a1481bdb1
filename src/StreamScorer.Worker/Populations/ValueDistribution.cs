using StreamScorer.Scoring.Populations;

namespace StreamScorer.Worker.Populations;

/// <summary>How one quantity is spread over the customers who bought. Values are within 1 %; the curve and the coefficient count positive parts.</summary>
/// <param name="Total">Sum.</param>
/// <param name="Mean">Total by customers; null when there is none.</param>
/// <param name="Gini">0 when all have the same, near 1 when one has all.</param>
/// <param name="Lorenz">Share of the total that the poorest 0, 1, .. 100 % of customers have.</param>
/// <param name="Quantiles">Value below which a share of customers lies, by its name such as <c>p90</c>; null when there is none.</param>
/// <param name="ParetoShare">Share of customers who together have 80 % of the total; null when there is nothing positive.</param>
public sealed record ValueDistribution(
    double Total, double? Mean, double Gini, IReadOnlyList<double> Lorenz, IReadOnlyDictionary<string, double?> Quantiles, double? ParetoShare)
{
    private const int LorenzSteps = 100;
    private const double ParetoTotal = 0.8;
    private static readonly int[] percents = [10, 25, 50, 75, 90, 95, 99];

    /// <summary>Reads a distribution.</summary>
    public static ValueDistribution Of(Distribution distribution)
    {
        double[] lorenz = distribution.LorenzPoints(LorenzSteps);
        return new ValueDistribution(
            Math.Round(distribution.Total, 2),
            Finite(distribution.Mean, 2),
            Math.Round(distribution.Gini, 4),
            [.. lorenz.Select(share => Math.Round(share, 5))],
            percents.ToDictionary(percent => $"p{percent}", percent => Finite(distribution.ValueAtTopShare(1 - percent / 100.0), 2)),
            distribution.PositiveTotal > 0 ? Math.Round(ShareOfTheRichest(lorenz), 4) : null);
    }

    /// <summary>Where the curve passes what the others have, on the straight line between its points.</summary>
    private static double ShareOfTheRichest(double[] lorenz)
    {
        int above = Math.Max(1, Array.FindIndex(lorenz, share => share >= 1 - ParetoTotal));
        double step = lorenz[above] - lorenz[above - 1];
        double within = step > 0 ? (1 - ParetoTotal - lorenz[above - 1]) / step : 1;
        return 1 - (above - 1 + within) / LorenzSteps;
    }

    private static double? Finite(double value, int decimals) => double.IsFinite(value) ? Math.Round(value, decimals) : null;
}
