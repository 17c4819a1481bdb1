using System.Runtime.CompilerServices;
using StreamScorer.Scoring.Models.Numerics;

namespace StreamScorer.Scoring.Models;

/// <summary>
/// MBG/CNBD-k, the model of buying and leaving (see <see cref="MbgCnbdParameters"/>): Batislam, Denizel and Filiztekin,
/// "Empirical validation and comparison of models for customer base analysis" (2007) for k = 1, Platzer and Reutterer
/// (2016) for k > 1. Every evaluation is a pure function of one history and allocates nothing; times are in the model's
/// unit throughout. In the remarks R = r + k x, the shape of the tick rate once x repeats are known.
/// </summary>
public sealed class MbgCnbd
{
    /// <summary>
    /// Longest silence that <see cref="SilenceUntilAlive"/> answers, in model units: 50 years of days. Longer ones are
    /// "never", because a deadline that far off is only a number to overflow with.
    /// </summary>
    public const double SilenceCap = 18_262.5;

    private readonly int _k;
    private readonly double _r, _alpha, _a, _b;
    private readonly double[] _logStayingOdds = new double[256];

    /// <summary>Builds the model.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of range; the message names each one.</exception>
    public MbgCnbd(MbgCnbdParameters parameters)
    {
        ParameterRange.ThrowIfAny(parameters.Validate(), nameof(parameters));
        Parameters = parameters;
        (_k, _r, _alpha, _a, _b) = parameters;
        for (int x = 0; x < _logStayingOdds.Length; x++) _logStayingOdds[x] = Math.Log((_b + x) / _a);
    }

    /// <summary>The parameters that the model was built from.</summary>
    public MbgCnbdParameters Parameters { get; }

    /// <summary>
    /// P(alive), 0..1: the customer has not left. Falls in silence for every k, from b / (a + b) at the first purchase.
    /// </summary>
    /// <remarks>
    /// 1 / (1 + a/(b+x) ((alpha+T)/(alpha+t_x))^R / S_k(w)), written as a logistic of a logarithm so that no power overflows.
    /// </remarks>
    public double AliveProbability(in PurchaseHistory h) =>
        Logistic(LogSurvivalOfSilence(h) + LogStayingOdds(h.Repeats));

    /// <summary>P(no purchase in the next <paramref name="horizon"/>), 0..1: the churn risk.</summary>
    /// <remarks>1 - P(alive) (1 - ((alpha+T)/(alpha+T+horizon))^R S_k(w') / S_k(w)), w' at the end of the horizon.</remarks>
    public double NoPurchaseProbability(in PurchaseHistory h, double horizon) => NoPurchaseProbability(h, horizon, out _);

    /// <summary>The same, with the <see cref="AliveProbability"/> that it is made of.</summary>
    public double NoPurchaseProbability(in PurchaseHistory h, double horizon, out double alive)
    {
        double now = LogSurvivalOfSilence(h);
        double later = LogSurvivalOfSilence(h with { Age = h.Age + horizon });
        alive = Logistic(now + LogStayingOdds(h.Repeats));
        // Beside the 1 nothing is left of what an exact e^x - 1 would save.
        return 1 + (alive * (Math.Exp(later - now) - 1));
    }

    /// <summary>
    /// Expected number of purchases in the next <paramref name="horizon"/> (finite), over being alive or not. Exact for every
    /// k: the mean over how far the customer has got towards the next purchase (see <see cref="PurchaseCount"/>). For one
    /// fixed horizon <see cref="ResidualTable"/> with a discount of 0 gives the same value several times faster.
    /// </summary>
    public double ExpectedPurchases(in PurchaseHistory h, double horizon)
    {
        double alive = AliveProbability(h);
        var belief = new AliveBelief(_k, Shape(h.Repeats), _alpha + h.Age, _a, _b + h.Repeats + 1);
        if (_k == 1) return alive * PurchaseCount.Expected(belief, 0, horizon);
        Span<double> stages = stackalloc double[MbgCnbdParameters.MaxK];
        StageWeights(h, stages);
        double purchases = 0;
        for (int j = 0; j < _k; j++)
            purchases += stages[j] * PurchaseCount.Expected(belief with { Shape = belief.Shape + j }, j, horizon);
        return alive * purchases;
    }

    /// <summary>
    /// Silence after the last purchase at which P(alive) has fallen to <paramref name="theta"/>. 0 when it is at or below
    /// theta from the purchase on; <see cref="double.PositiveInfinity"/> when it takes longer than <see cref="SilenceCap"/>.
    /// Depends on the history before the silence alone, so it is computed once for each purchase.
    /// </summary>
    /// <param name="repeats">x.</param>
    /// <param name="recency">t_x.</param>
    /// <param name="theta">Threshold, strictly between 0 and 1.</param>
    public double SilenceUntilAlive(int repeats, double recency, double theta)
    {
        double decline = Math.Log((1 - theta) / theta) + LogStayingOdds(repeats);
        if (!(decline > 0)) return 0;
        double silence = SilenceAfterDecline(repeats, recency, decline);
        return silence <= SilenceCap ? silence : double.PositiveInfinity;
    }

    /// <summary>
    /// Median time from now until the next purchase of a customer who is alive and stays: the horizon in which such a
    /// customer buys with probability 1/2. Not the mean, which is infinite for one-time buyers whenever r is at most 1.
    /// </summary>
    public double MedianTimeToNextPurchase(in PurchaseHistory h)
    {
        const double LogTwo = 0.69314718055994530942;
        return SilenceAfterDecline(h.Repeats, h.Recency, LogTwo - LogSurvivalOfSilence(h)) - h.Silence;
    }

    /// <summary>
    /// Log likelihood of one history. <paramref name="logIntervals"/> is the sum of ln(time between successive purchases)
    /// and matters for k > 1 alone, where it makes the values of different k comparable.
    /// </summary>
    /// <remarks>Platzer and Reutterer (2016), in the overflow-free form of Fader and Hardie's note 027 (2013).</remarks>
    public double LogLikelihood(in PurchaseHistory h, double logIntervals)
    {
        int x = h.Repeats;
        double leftAtLast = Math.Log(_a / (_b + x)) - (Shape(x) * Math.Log(_alpha + h.Recency));
        double alive = LogSurvivalOfSilence(h) - (Shape(x) * Math.Log(_alpha + h.Recency));
        return ((_k - 1) * logIntervals) - (x * LogGamma.Of(_k))
            + LogGamma.Rising(_b, x + 1) - LogGamma.Rising(_a + _b, x + 1)
            + LogGamma.Rising(_r, _k * x) + (_r * Math.Log(_alpha))
            + SpecialFunctions.LogSumExp(leftAtLast, alive);
    }

    /// <summary>
    /// Given alive, how many of the k - 1 silent ticks have passed since the last purchase: probability of j = 0..k-1,
    /// proportional to (R)_j / j! w^j, set in the first k entries of <paramref name="weights"/>.
    /// </summary>
    internal void StageWeights(in PurchaseHistory h, Span<double> weights)
    {
        double w = h.Silence / (_alpha + h.Age), shape = Shape(h.Repeats);
        double term = 1, sum = 1;
        weights[0] = 1;
        for (int j = 1; j < _k; j++)
        {
            term *= (shape + j - 1) / j * w;
            weights[j] = term;
            sum += term;
        }
        for (int j = 0; j < _k; j++) weights[j] /= sum;
    }

    /// <summary>R = r + k x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal double Shape(int repeats) => _r + (_k * repeats);

    // ln of the odds (b + x) / a of having stayed at the last purchase: tabled, because it is one of P(alive)'s two logarithms.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal double LogStayingOdds(int repeats) =>
        (uint)repeats < (uint)_logStayingOdds.Length ? _logStayingOdds[repeats] : Math.Log((_b + repeats) / _a);

    // ln P(a customer who stayed has been silent since t_x) = ln [((alpha+t_x)/(alpha+T))^R S_k(w)]: 0 at once, then falling.
    private double LogSurvivalOfSilence(in PurchaseHistory h)
    {
        double shape = Shape(h.Repeats);
        double log = -shape * Math.Log((_alpha + h.Age) / (_alpha + h.Recency));
        return _k == 1 ? log : log + Math.Log(TickSeries(shape, h.Silence / (_alpha + h.Age)));
    }

    // S_k(w) = sum over j < k of (R)_j / j! w^j: fewer than k ticks in the silence.
    private double TickSeries(double shape, double w)
    {
        double term = 1, sum = 1;
        for (int j = 1; j < _k; j++)
        {
            term *= (shape + j - 1) / j * w;
            sum += term;
        }
        return sum;
    }

    /// <summary>
    /// The silence at which ln P(silent that long | stayed) has fallen by <paramref name="decline"/> > 0. With
    /// u = ln((alpha+T)/(alpha+t_x)) it is the root of g(u) = R u - ln S_k(1 - e^-u), which is convex and rising, so Newton's
    /// steps from the right of the root come down to it without overshooting.
    /// </summary>
    private double SilenceAfterDecline(int repeats, double recency, double decline)
    {
        const int MaxSteps = 200;
        double shape = Shape(repeats);
        double u = decline / shape;
        if (_k > 1)
        {
            u = (decline + Math.Log(TickSeries(shape, 1))) / shape;
            double slopeFactor = shape;
            for (int j = 1; j < _k; j++) slopeFactor *= (shape + j) / j;
            for (int step = 0; step < MaxSteps; step++)
            {
                double w = -SpecialFunctions.Expm1(-u), series = TickSeries(shape, w), power = 1;
                for (int j = 1; j < _k; j++) power *= w;
                double down = ((shape * u) - Math.Log(series) - decline) * series / (slopeFactor * power);
                if (!(down > 1e-15 * u)) break;
                u -= down;
            }
        }
        return (_alpha + recency) * SpecialFunctions.Expm1(u);
    }

    private static double Logistic(double z) => 1 / (1 + Math.Exp(-z));
}
