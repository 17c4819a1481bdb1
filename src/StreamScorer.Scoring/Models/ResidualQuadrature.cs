using StreamScorer.Scoring.Models.Numerics;

namespace StreamScorer.Scoring.Models;

/// <summary>
/// Discounted purchases to come of a customer known to be alive, V_H: the integral over 0..H of e^(-delta t) times the
/// expected purchase rate (Fader, Hardie and Lee, "RFM and CLV", 2005, for the infinite horizon). Exact to about 1e-12 and
/// microseconds slow; <see cref="ResidualTable"/> is the form for every event.
/// </summary>
/// <remarks>
/// Given the tick rate lambda, the sum over purchases has a closed form (<see cref="DiscountedPurchases"/>). The mean over
/// the Gamma distribution of lambda is a trapezoidal sum on a lattice in u = ln lambda, which converges exponentially
/// because the integrand is analytic and vanishes at both ends (Trefethen and Weideman, SIAM Review 2014).
/// </remarks>
public sealed class ResidualQuadrature
{
    /// <summary>
    /// The longest finite horizon, in multiples of alpha. The work grows with the purchases that fit into the horizon, and
    /// beyond it the rows of a table would take tenths of a second each.
    /// </summary>
    public const double MaxHorizonPerAlpha = 1000;

    private readonly MbgCnbd _model;
    private readonly double _discountPerUnit, _horizon;

    /// <summary>Prepares the integral.</summary>
    /// <param name="model">The purchase model.</param>
    /// <param name="discountPerUnit">delta >= 0 in 1/unit: ln(1 + annual rate) / units per year.</param>
    /// <param name="horizon">
    /// H > 0 in model units, at most <see cref="MaxHorizonPerAlpha"/> alpha; <see cref="double.PositiveInfinity"/> needs
    /// delta > 0.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The discount or the horizon is out of range.</exception>
    public ResidualQuadrature(MbgCnbd model, double discountPerUnit, double horizon)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (!(discountPerUnit >= 0) || !double.IsFinite(discountPerUnit))
            throw new ArgumentOutOfRangeException(nameof(discountPerUnit), discountPerUnit, "must be finite and >= 0");
        if (!(horizon > 0) || (double.IsInfinity(horizon) && discountPerUnit == 0))
            throw new ArgumentOutOfRangeException(nameof(horizon), horizon, "must be > 0, and finite without a discount");
        double longest = MaxHorizonPerAlpha * model.Parameters.Alpha;
        if (double.IsFinite(horizon) && horizon > longest)
            throw new ArgumentOutOfRangeException(nameof(horizon), horizon, $"must be infinite or at most {longest}");
        (_model, _discountPerUnit, _horizon) = (model, discountPerUnit, horizon);
    }

    /// <summary>V_H: discounted purchases within the horizon of a customer known to be alive.</summary>
    public double GivenAlive(in PurchaseHistory h)
    {
        Span<double> byStage = stackalloc double[MbgCnbdParameters.MaxK];
        Span<double> weights = stackalloc double[MbgCnbdParameters.MaxK];
        double rate = _model.Parameters.Alpha + h.Age;
        new RateLattice(Discounted(h.Repeats), [], rate).Mean(rate, byStage);
        _model.StageWeights(h, weights);
        double sum = 0;
        for (int j = 0; j < _model.Parameters.K; j++) sum += weights[j] * byStage[j];
        return sum;
    }

    /// <summary>P(alive) V_H: expected discounted purchases within the horizon.</summary>
    public double DiscountedResidual(in PurchaseHistory h) => _model.AliveProbability(h) * GivenAlive(h);

    /// <summary>The integrand after <paramref name="repeats"/> repeat purchases.</summary>
    internal DiscountedPurchases Discounted(int repeats)
    {
        var p = _model.Parameters;
        return new(p.K, _model.Shape(repeats), p.A, p.B + repeats + 1, _discountPerUnit, _horizon);
    }
}
