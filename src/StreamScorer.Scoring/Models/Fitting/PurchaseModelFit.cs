using StreamScorer.Scoring.Models.Reference;

namespace StreamScorer.Scoring.Models.Fitting;

/// <summary>
/// Maximum-likelihood fits of the purchase models. Pure and deterministic: the same customers, in any order, give the same
/// result to the last digit. The search runs in the logarithms of the parameters, each within e^-12..e^12: data without a
/// sign of leaving pushes a and b out to that bound, and <see cref="MbgCnbdParameters.DropoutIdentified"/> tells so.
/// </summary>
public static class PurchaseModelFit
{
    private const double LogBound = 12;

    /// <summary>Fits MBG/CNBD-k for one k.</summary>
    /// <param name="customers">The calibration period.</param>
    /// <param name="k">Ticks per purchase, 1..4; 1 is MBG/NBD.</param>
    /// <param name="progress">Told after every step of the search.</param>
    /// <exception cref="ArgumentException">There are no customers, or a history is not one.</exception>
    /// <exception cref="ArgumentOutOfRangeException">k is not 1..4.</exception>
    public static FitResult<MbgCnbdParameters> MbgCnbd(
        IReadOnlyList<CustomerHistory> customers, int k, Action<FitProgress>? progress = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(k, MbgCnbdParameters.MaxK);
        return MbgCnbd(new HistorySample(customers), k, progress);
    }

    /// <summary>
    /// Fits MBG/CNBD-k for k = 1, 2, ... and stops when the likelihood falls: it has one peak in k, and each k costs another
    /// search.
    /// </summary>
    /// <param name="customers">The calibration period.</param>
    /// <param name="progress">Told after every step of a search.</param>
    /// <exception cref="ArgumentException">There are no customers, or a history is not one.</exception>
    public static RegularityChoice MbgCnbd(
        IReadOnlyList<CustomerHistory> customers, Action<FitProgress>? progress = null)
    {
        var sample = new HistorySample(customers);
        var candidates = new List<FitResult<MbgCnbdParameters>> { MbgCnbd(sample, 1, progress) };
        var best = candidates[0];
        for (int k = 2; k <= MbgCnbdParameters.MaxK && best == candidates[^1]; k++)
        {
            candidates.Add(MbgCnbd(sample, k, progress));
            if (candidates[^1].LogLikelihood > best.LogLikelihood) best = candidates[^1];
        }
        return new(best, candidates);
    }

    /// <summary>Fits BG/NBD.</summary>
    /// <param name="customers">The calibration period.</param>
    /// <param name="progress">Told after every step of the search.</param>
    /// <exception cref="ArgumentException">There are no customers, or a history is not one.</exception>
    public static FitResult<BgNbd> BgNbd(IReadOnlyList<CustomerHistory> customers, Action<FitProgress>? progress = null)
    {
        var sample = new HistorySample(customers);
        var likelihood = new BetaGeometricLikelihood(sample, 1, mayLeaveAtFirst: false);
        return Fit("BG/NBD", ["r", "alpha", "a", "b"], Start(sample, 1), sample.Customers, progress,
            p => likelihood.At(p[0], p[1], p[2], p[3]), p => new BgNbd(p[0], p[1], p[2], p[3]));
    }

    /// <summary>Fits Pareto/NBD, several times slower than the others.</summary>
    /// <param name="customers">The calibration period.</param>
    /// <param name="progress">Told after every step of the search.</param>
    /// <exception cref="ArgumentException">There are no customers, or a history is not one.</exception>
    public static FitResult<ParetoNbd> ParetoNbd(
        IReadOnlyList<CustomerHistory> customers, Action<FitProgress>? progress = null)
    {
        var sample = new HistorySample(customers);
        var likelihood = new ParetoNbdLikelihood(sample);
        double meanAge = Math.Max(sample.TotalAge / sample.Customers, 1e-3);
        return Fit("Pareto/NBD", ["r", "alpha", "s", "beta"], [0.5, 0.5 / sample.MeanRate, 0.5, meanAge], sample.Customers,
            progress, p => likelihood.At(p[0], p[1], p[2], p[3]), p => new ParetoNbd(p[0], p[1], p[2], p[3]));
    }

    /// <summary>Fits the Gamma-Gamma spend model to the customers with repeat spend.</summary>
    /// <param name="customers">The calibration period.</param>
    /// <param name="progress">Told after every step of the search.</param>
    /// <exception cref="ArgumentException">No customer has repeat spend.</exception>
    public static FitResult<GammaGamma> GammaGamma(
        IReadOnlyList<CustomerHistory> customers, Action<FitProgress>? progress = null)
    {
        var likelihood = new GammaGammaLikelihood(customers);
        // Starts where the prior mean p v / (q - 1) is the mean spend.
        return Fit("Gamma-Gamma", ["p", "q", "v"], [2, 3, likelihood.MeanSpend], likelihood.Customers, progress,
            p => likelihood.At(p[0], p[1], p[2]), p => new GammaGamma(p[0], p[1], p[2]));
    }

    private static FitResult<MbgCnbdParameters> MbgCnbd(HistorySample sample, int k, Action<FitProgress>? progress)
    {
        var likelihood = new BetaGeometricLikelihood(sample, k, mayLeaveAtFirst: true);
        return Fit(k == 1 ? "MBG/NBD" : $"MBG/CNBD-{k}", ["r", "alpha", "a", "b"], Start(sample, k), sample.Customers, progress,
            p => likelihood.At(p[0], p[1], p[2], p[3]), p => new MbgCnbdParameters(k, p[0], p[1], p[2], p[3]));
    }

    private static double[] Start(HistorySample sample, int k) => [0.5, 0.5 / (k * sample.MeanRate), 1, 3];

    private static FitResult<TParameters> Fit<TParameters>(
        string model,
        string[] names,
        double[] start,
        int customers,
        Action<FitProgress>? progress,
        Func<double[], double> logLikelihood,
        Func<double[], TParameters> toParameters)
    {
        var natural = new double[start.Length];
        double InLogs(ReadOnlySpan<double> logs)
        {
            for (int i = 0; i < logs.Length; i++)
            {
                if (Math.Abs(logs[i]) > LogBound) return double.NegativeInfinity;
                natural[i] = Math.Exp(logs[i]);
            }
            double value = logLikelihood(natural);
            return double.IsNaN(value) ? double.NegativeInfinity : value;
        }

        double[] startLogs = [.. start.Select(value => Math.Clamp(Math.Log(value), 1 - LogBound, LogBound - 1))];
        var optimum = NelderMead.Maximize(
            InLogs, startLogs, progress is null ? null : (n, best) => progress(new(model, n, best)));
        double[] logErrors = ObservedInformation.StandardErrors(InLogs, optimum.Point);
        double[] values = [.. optimum.Point.Select(Math.Exp)];
        // The delta method: d value = value d ln(value).
        var estimates = names.Select((name, i) => new ParameterEstimate(name, values[i], values[i] * logErrors[i]));
        return new(toParameters(values), optimum.Value, [.. estimates], customers, optimum.Evaluations, optimum.Converged);
    }
}
