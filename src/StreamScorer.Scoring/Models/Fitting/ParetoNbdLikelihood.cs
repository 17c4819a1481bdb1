using StreamScorer.Scoring.Models.Reference;

namespace StreamScorer.Scoring.Models.Fitting;

/// <summary>Log likelihood of Pareto/NBD over a sample, as a function of (r, alpha, s, beta).</summary>
internal sealed class ParetoNbdLikelihood(HistorySample sample)
{
    /// <summary>The log likelihood at (r, alpha, s, beta).</summary>
    public double At(double r, double alpha, double s, double beta)
    {
        var model = new ParetoNbd(r, alpha, s, beta);
        double sum = 0;
        for (int i = 0; i < sample.Distinct.Length; i++)
            sum += sample.Counts[i] * model.LogLikelihood(sample.Distinct[i]);
        return sum;
    }
}
