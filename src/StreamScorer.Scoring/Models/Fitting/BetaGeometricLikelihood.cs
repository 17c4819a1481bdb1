using StreamScorer.Scoring.Models.Numerics;

namespace StreamScorer.Scoring.Models.Fitting;

/// <summary>
/// Log likelihood of BG/NBD and MBG/CNBD-k over a sample, as a function of (r, alpha, a, b). Everything that depends on x
/// alone is summed over customers by x, which leaves two logarithms and an exponential for each distinct history.
/// </summary>
internal sealed class BetaGeometricLikelihood
{
    private readonly HistorySample _sample;
    private readonly int _k;
    private readonly bool _mayLeaveAtFirst;
    private readonly double _constant;

    /// <summary>Prepares the likelihood.</summary>
    /// <param name="sample">The histories.</param>
    /// <param name="k">Ticks per purchase.</param>
    /// <param name="mayLeaveAtFirst">True for MBG: a customer can leave right after the first purchase.</param>
    public BetaGeometricLikelihood(HistorySample sample, int k, bool mayLeaveAtFirst)
    {
        (_sample, _k, _mayLeaveAtFirst) = (sample, k, mayLeaveAtFirst);
        _constant = ((k - 1) * sample.TotalLogIntervals) - (sample.TotalRepeats * LogGamma.Of(k));
    }

    /// <summary>The log likelihood at (r, alpha, a, b).</summary>
    public double At(double r, double alpha, double a, double b)
    {
        double sum = _constant + (_sample.Customers * r * Math.Log(alpha)) + SumByRepeats(r, a, b);
        for (int i = 0; i < _sample.Distinct.Length; i++)
        {
            ref readonly var h = ref _sample.Distinct[i];
            double shape = r + (_k * h.Repeats);
            double logNow = Math.Log(alpha + h.Age);
            double one = -shape * logNow;
            if (_mayLeaveAtFirst || h.Repeats > 0)
            {
                double survived = b + h.Repeats - (_mayLeaveAtFirst ? 0 : 1);
                double left = Math.Log(a / survived) + (shape * (logNow - Math.Log(alpha + h.Recency)));
                double silent = _k == 1 ? 0 : Math.Log(TickSeries(shape, h.Silence / (alpha + h.Age)));
                one += SpecialFunctions.LogSumExp(left, silent);
            }
            sum += _sample.Counts[i] * one;
        }
        return sum;
    }

    // ln (r)_kx + ln (b)_n / (a+b)_n over the customers, n being the purchases that they survived at least.
    private double SumByRepeats(double r, double a, double b)
    {
        int first = _mayLeaveAtFirst ? 0 : -1;
        double rising = 0, stayed = 0, sum = 0;
        for (int x = 0; x <= _sample.MaxRepeats; x++)
        {
            for (int tick = (_k * (x - 1)); x > 0 && tick < _k * x; tick++) rising += Math.Log(r + tick);
            int survived = x + first;
            if (survived >= 0) stayed += Math.Log((b + survived) / (a + b + survived));
            sum += _sample.CustomersByRepeats[x] * (rising + stayed);
        }
        return sum;
    }

    private double TickSeries(double shape, double w)
    {
        double term = 1, series = 1;
        for (int j = 1; j < _k; j++)
        {
            term *= (shape + j - 1) / j * w;
            series += term;
        }
        return series;
    }
}
