using System.Runtime.CompilerServices;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Populations;
using StreamScorer.Scoring.Signals;
using StreamScorer.Scoring.State;
using StreamScorer.Scoring.Tiers.Schemes;

namespace StreamScorer.Scoring.Tiers;

/// <summary>
/// The band of values within which each axis keeps the position that is held, for all schemes with bounds of their own at once: the question that is asked after
/// every event, where stepping every scheme to hear that nothing moves would cost several times as much.
/// </summary>
internal sealed class HeldBands
{
    private const int Positions = 16;

    private readonly Axis[] axes;
    private readonly (double From, double Below)[] bands;
    private readonly LifecycleScheme? lifecycle;

    /// <param name="schemes">Schemes with bounds of their own.</param>
    public HeldBands(ReadOnlySpan<TierScheme> schemes)
    {
        var found = new List<Axis>();
        foreach (TierScheme scheme in schemes)
        {
            lifecycle = scheme as LifecycleScheme ?? lifecycle;
            for (int axis = 0; axis < scheme.Axes.Count; axis++)
                found.Add(new Axis(scheme.Id, axis, MeasureOf(scheme.Axes[axis].Signal), scheme.BoundsIn(Population.None)![axis]));
        }
        axes = [.. found];
        bands = new (double, double)[axes.Length * Positions];
        for (int i = 0; i < bands.Length; i++)
            bands[i] = axes[i / Positions].Band(i % Positions);
    }

    private enum Measure
    {
        CustomerValue,
        DecayedProfit,
        CurrentValue,
        GrowthValue,
        ResponseDegree,
        LoyaltyBehaviour,
        IndirectFunction,
        StayingProbability,
        EffectiveCycle,
        Ticket,
        Count,
    }

    /// <summary>
    /// Whether every scheme would keep what it held when it was assessed last. False also where that takes more than bounds to tell: while a drop waits.
    /// </summary>
    public bool Hold(in CustomerSignals signals)
    {
        ref readonly CustomerState state = ref signals.State;
        var stage = (LifecycleStage)state.HeldTiers[(int)SchemeId.Lifecycle];
        if (!signals.HasPurchases || (lifecycle is not null && lifecycle.StageOf(stage, in signals, in state) != stage))
            return false;
        ReadOnlySpan<uint> graces = signals.Cold.GraceStartS;
        Values values = default;
        MeasureAll(in signals, ref values);
        for (int i = 0; i < axes.Length; i++)
        {
            ref readonly Axis axis = ref axes[i];
            (double from, double below) = bands[i * Positions + (state.HeldTiers[(int)axis.Scheme] >> axis.Shift & (Positions - 1))];
            double value = values[(int)axis.Measure];
            if (!(value >= from && value < below) || graces[axis.Grace] != 0)
                return false;
        }
        return true;
    }

    // As the schemes measure them: higher is better.
    private static void MeasureAll(in CustomerSignals signals, ref Values values)
    {
        values[(int)Measure.CustomerValue] = signals.CustomerValue;
        values[(int)Measure.DecayedProfit] = signals.DecayedProfit;
        values[(int)Measure.CurrentValue] = ValueSignals.CurrentValueOf(in signals);
        values[(int)Measure.GrowthValue] = ValueSignals.GrowthValueOf(in signals);
        values[(int)Measure.ResponseDegree] = DegreeSignals.ResponseDegreeOf(in signals);
        values[(int)Measure.LoyaltyBehaviour] = DegreeSignals.LoyaltyBehaviourOf(in signals);
        values[(int)Measure.IndirectFunction] = FunctionSignals.IndirectOf(in signals);
        values[(int)Measure.StayingProbability] = -signals.ChurnRisk;
        values[(int)Measure.EffectiveCycle] = -PurchaseSignals.EffectiveCycleYearsOf(in signals) * ScoringRules.DaysPerYear;
        values[(int)Measure.Ticket] = signals.Steady.Ticket;
    }

    private static Measure MeasureOf(string axis) => axis switch
    {
        "customerValue" => Measure.CustomerValue,
        "decayedProfit" or "directFunction" => Measure.DecayedProfit,
        "currentValue" => Measure.CurrentValue,
        "growthValue" => Measure.GrowthValue,
        "responseDegree" => Measure.ResponseDegree,
        "loyaltyBehaviour" => Measure.LoyaltyBehaviour,
        "indirectFunction" => Measure.IndirectFunction,
        "churnRisk" => Measure.StayingProbability,
        "effectiveCycleDays" => Measure.EffectiveCycle,
        "ticket" => Measure.Ticket,
        _ => throw new NotSupportedException($"axis '{axis}': a scheme with bounds of its own goes by it, and it is not measured here"),
    };

    [InlineArray((int)Measure.Count)]
    private struct Values
    {
        private double first;
    }

    private readonly struct Axis(SchemeId scheme, int axis, Measure measure, AxisBounds bounds)
    {
        public SchemeId Scheme { get; } = scheme;

        // Two axes share a byte, as SchemeState packs them.
        public int Shift { get; } = axis * 4;

        public int Grace { get; } = SchemeIds.FirstAxis(scheme) + axis;

        public Measure Measure { get; } = measure;

        // Unranked is kept whatever the values: what a scheme asks for before it ranks anybody does not change in silence.
        public (double From, double Below) Band(int position) => position == 0
            ? (double.NegativeInfinity, double.PositiveInfinity)
            : (bounds.Fall(position), position == 1 ? double.PositiveInfinity : bounds.Rise(position - 1));
    }
}
