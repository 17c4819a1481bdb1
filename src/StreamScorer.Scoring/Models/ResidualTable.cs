using StreamScorer.Scoring.Models.Numerics;

namespace StreamScorer.Scoring.Models;

/// <summary>
/// <see cref="ResidualQuadrature"/> tabulated: V_H depends on x and T alone (for k > 1 there is one table for each stage), so
/// ln V_H is interpolated between 64 ages, evenly spaced in ln(alpha + T), for each of 2048 repeat counts. Histories outside
/// the table are evaluated by the quadrature: the same answer, hundreds of times slower. Interpolating the logarithm is
/// ten times closer than interpolating V_H, which falls like a power of alpha + T: with alpha = 6 weeks and the default range
/// the relative error stays below 2e-7 for k = 1 and 1e-5 for k = 4, and a shorter range is closer.
/// </summary>
/// <remarks>
/// A row is computed, and allocated, when a repeat count is first met, in about a millisecond; after that an evaluation
/// allocates nothing. Safe for use by several threads: at worst two compute the same row.
/// </remarks>
public sealed class ResidualTable
{
    /// <summary>Repeat counts 0..2047 are in the table: five years of a customer who buys every day.</summary>
    public const int RepeatCounts = 2048;

    /// <summary>Ages in the table for each repeat count.</summary>
    public const int Ages = 64;

    private readonly MbgCnbd _model;
    private readonly ResidualQuadrature _quadrature;
    private readonly int _k;
    private readonly double _alpha, _logAlpha, _nodesPerLog;
    private readonly double[]?[] _rows = new double[RepeatCounts][];

    /// <summary>Lays the table out; its rows are computed when they are needed.</summary>
    /// <param name="model">The purchase model.</param>
    /// <param name="discountPerUnit">delta >= 0 in 1/unit: ln(1 + annual rate) / units per year. 0 with a finite horizon
    /// gives expected purchases.</param>
    /// <param name="horizon">H > 0, as <see cref="ResidualQuadrature"/> takes it.</param>
    /// <param name="maxAge">The largest T in the table, in model units. The default is 20 years of days.</param>
    /// <exception cref="ArgumentOutOfRangeException">The discount, the horizon or the age is out of range.</exception>
    public ResidualTable(MbgCnbd model, double discountPerUnit, double horizon, double maxAge = 7305)
    {
        _quadrature = new ResidualQuadrature(model, discountPerUnit, horizon);
        if (!(maxAge > 0) || !double.IsFinite(maxAge))
            throw new ArgumentOutOfRangeException(nameof(maxAge), maxAge, "must be finite and > 0");
        _model = model;
        _k = model.Parameters.K;
        _alpha = model.Parameters.Alpha;
        _logAlpha = Math.Log(_alpha);
        _nodesPerLog = (Ages - 1) / SpecialFunctions.Log1p(maxAge / _alpha);
        RelativeError = 1 / (24 * Math.Pow(_nodesPerLog, 4));
    }

    /// <summary>
    /// At most the relative error for k = 1. That of Lagrange's cubic is s^4 / 24 times the fourth derivative of ln V_H in ln(alpha + T), with s the step between
    /// two ages, which is the greater the smaller alpha is; the derivative is measured to stay below 1.
    /// </summary>
    public double RelativeError { get; }

    /// <summary>V_H: discounted purchases within the horizon of a customer known to be alive.</summary>
    public double GivenAlive(in PurchaseHistory h)
    {
        double position = (Math.Log(_alpha + h.Age) - _logAlpha) * _nodesPerLog;
        if ((uint)h.Repeats >= RepeatCounts || !(position <= Ages - 1)) return _quadrature.GivenAlive(h);
        int node = Math.Clamp((int)position - 1, 0, Ages - 4);
        double t = position - node;
        double[] row = _rows[h.Repeats] ??= Row(h.Repeats);
        if (_k == 1) return Math.Exp(Cubic(row.AsSpan(node, 4), t));
        Span<double> weights = stackalloc double[MbgCnbdParameters.MaxK];
        _model.StageWeights(h, weights);
        double sum = 0;
        for (int j = 0; j < _k; j++) sum += weights[j] * Math.Exp(Cubic(row.AsSpan((j * Ages) + node, 4), t));
        return sum;
    }

    /// <summary>P(alive) V_H: expected discounted purchases within the horizon. Falls in silence for k = 1.</summary>
    public double DiscountedResidual(in PurchaseHistory h) => _model.AliveProbability(h) * GivenAlive(h);

    // ln V_H at every age, stage after stage.
    private double[] Row(int repeats)
    {
        const int LatticePoints = 1024;
        var row = new double[_k * Ages];
        var cache = new double[LatticePoints * _k];
        Array.Fill(cache, double.NaN);
        Span<double> byStage = stackalloc double[MbgCnbdParameters.MaxK];
        double oldestRate = _alpha * Math.Exp((Ages - 1) / _nodesPerLog);
        var lattice = new RateLattice(_quadrature.Discounted(repeats), cache, oldestRate);
        for (int node = 0; node < Ages; node++)
        {
            lattice.Mean(_alpha * Math.Exp(node / _nodesPerLog), byStage);
            for (int j = 0; j < _k; j++) row[(j * Ages) + node] = Math.Log(byStage[j]);
        }
        return row;
    }

    // Lagrange's cubic through four values at 0, 1, 2, 3.
    private static double Cubic(ReadOnlySpan<double> v, double t)
    {
        double t1 = t - 1, t2 = t - 2, t3 = t - 3;
        double outer = ((v[3] * t * t1 * t2) - (v[0] * t1 * t2 * t3)) / 6;
        double inner = ((v[1] * t2) - (v[2] * t1)) * t * t3 / 2;
        return outer + inner;
    }
}
