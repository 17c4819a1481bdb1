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
        // The error is e^(-2 pi d / step), d > pi/4 the half-width of analyticity, and e^(-(2 pi / step)^2 / (2 shape)) once
        // the Gamma density is narrow: both below 1e-16.
        _step = Math.Min(0.125, 0.6 / Math.Sqrt(integrand.Shape + integrand.K));
        _integrand = integrand;
        _cache = cache;
        // The left tail falls at least like the rate itself: 400 steps of 1/8 reach below 1e-17 of the peak.
        _firstCached = Mode(oldestRate) - 400;
    }

    /// <summary>Sets byStage[j], j &lt; K, to the mean when the tick rate is Gamma(shape + j, <paramref name="rate"/>).</summary>
    public void Mean(double rate, Span<double> byStage)
    {
        byStage.Clear();
        int mode = Mode(rate);
        for (int n = mode; AddPoint(n, rate, byStage); n++) { }
        for (int n = mode - 1; AddPoint(n, rate, byStage); n--) { }
        double shape = _integrand.Shape;
        double scale = _step * Math.Exp((shape * Math.Log(shape)) - shape - LogGamma.Of(shape));
        for (int j = 0; j < _integrand.K; j++)
        {
            byStage[j] *= scale;
            scale *= shape / (shape + j);
        }
    }

    private int Mode(double rate) => (int)Math.Round(Math.Log(_integrand.Shape / rate) / _step);

    // Adds one lattice point, weighted by the density relative to its peak, and says whether it still mattered.
    private bool AddPoint(int n, double rate, Span<double> byStage)
    {
        const double Negligible = 1e-17;
        Span<double> scratch = stackalloc double[MbgCnbdParameters.MaxK];
        double shape = _integrand.Shape;
        double distance = (n * _step) - Math.Log(shape / rate), growth = Math.Exp(distance);
        double weight = Math.Exp(shape * (distance - SpecialFunctions.Expm1(distance)));
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
