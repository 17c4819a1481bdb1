using StreamScorer.Scoring.Models.Numerics;

namespace StreamScorer.Scoring.Models;

/// <summary>
/// Mean of <see cref="DiscountedPurchases"/> over the Gamma distribution of the tick rate, by the trapezoidal rule on a
/// lattice in ln(rate). The lattice depends on the number of repeats alone, so one cache of its values serves every age.
/// </summary>
internal readonly ref struct RateLattice
{
    private readonly DiscountedPurchases _integrand;
    private readonly Span<double> _cache;
    private readonly int _firstCached;
    private readonly double _step;

    /// <summary>Prepares the lattice.</summary>
    /// <param name="integrand">What to average.</param>
    /// <param name="cache">Room for K values a point, filled with NaN; empty to evaluate every point afresh.</param>
    /// <param name="oldestRate">The largest rate that <see cref="Mean"/> will be called with; places the cache.</param>
    public RateLattice(in DiscountedPurchases integrand, Span<double> cache, double oldestRate)
    {
        // The error is e^(-2 pi d / step), d the half-width of the strip in which the integrand is analytic (pi/2 for k up to
        // 2, pi/4 for k = 4), and e^(-(2 pi / step)^2 / (2 shape)) once the Gamma density is narrow: both about 1e-16.
        _step = Math.Min(integrand.K <= 2 ? 0.2 : 0.125, 0.65 / Math.Sqrt(integrand.Shape + integrand.K));
        _integrand = integrand;
        _cache = cache;
        // The left tail falls at least like the rate itself: 400 steps of 1/8 reach below 1e-16 of the peak.
        _firstCached = (int)(Math.Log(integrand.Shape / oldestRate) / _step) - 400;
    }

    /// <summary>Sets byStage[j], j &lt; K, to the mean when the tick rate is Gamma(shape + j, <paramref name="rate"/>).</summary>
    public void Mean(double rate, Span<double> byStage)
    {
        Span<double> scratch = stackalloc double[MbgCnbdParameters.MaxK];
        byStage.Clear();
        double logMode = Math.Log(_integrand.Shape / rate);
        int mode = (int)Math.Round(logMode / _step);
        for (int n = mode; AddPoint(n, logMode, scratch, byStage); n++) { }
        for (int n = mode - 1; AddPoint(n, logMode, scratch, byStage); n--) { }
        double shape = _integrand.Shape;
        double scale = _step * Math.Exp((shape * Math.Log(shape)) - shape - LogGamma.Of(shape));
        for (int j = 0; j < _integrand.K; j++)
        {
            byStage[j] *= scale;
            scale *= shape / (shape + j);
        }
    }

    // Adds one lattice point, weighted by the density relative to its mode, and says whether it still mattered.
    private bool AddPoint(int n, double logMode, Span<double> scratch, Span<double> byStage)
    {
        const double Negligible = 1e-16;
        double distance = (n * _step) - logMode, growth = Math.Exp(distance);
        double weight = Math.Exp(_integrand.Shape * (distance - (growth - 1)));
        ReadOnlySpan<double> values = At(n, scratch);
        bool mattered = false;
        for (int j = 0; j < _integrand.K; j++)
        {
            double term = weight * values[j];
            byStage[j] += term;
            mattered |= term > Negligible * byStage[j];
            weight *= growth;
        }
        return mattered;
    }

    private ReadOnlySpan<double> At(int n, Span<double> scratch)
    {
        int k = _integrand.K;
        long slot = (long)(n - _firstCached) * k;
        bool cached = slot >= 0 && slot + k <= _cache.Length;
        Span<double> values = cached ? _cache.Slice((int)slot, k) : scratch;
        if (!cached || double.IsNaN(values[0])) _integrand.AtRate(Math.Exp(n * _step), values);
        return values;
    }
}
