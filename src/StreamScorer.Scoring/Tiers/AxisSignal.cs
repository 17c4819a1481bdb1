using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Signals;
using StreamScorer.Scoring.State;

namespace StreamScorer.Scoring.Tiers;

/// <summary>The signals that schemes measure, one per axis; the published name is that of the member in camel case.</summary>
public enum AxisSignal : byte
{
    /// <inheritdoc cref="CustomerSignals.CustomerValue"/>
    CustomerValue,

    /// <inheritdoc cref="ValueSignals.CurrentValue"/>
    CurrentValue,

    /// <inheritdoc cref="ValueSignals.GrowthValue"/>
    GrowthValue,

    /// <inheritdoc cref="ValueSignals.GrowthValueUncapped"/>
    GrowthValueUncapped,

    /// <summary><see cref="PurchaseSignals.EffectiveCycleYears"/> in days.</summary>
    EffectiveCycleDays,

    /// <inheritdoc cref="PurchaseSignals.Ticket"/>
    Ticket,

    /// <inheritdoc cref="DegreeSignals.ResponseDegree"/>
    ResponseDegree,

    /// <inheritdoc cref="CustomerSignals.DecayedProfit"/>
    DecayedProfit,

    /// <inheritdoc cref="DegreeSignals.LoyaltyBehaviour"/>
    LoyaltyBehaviour,

    /// <inheritdoc cref="FunctionSignals.Direct"/>
    DirectFunction,

    /// <inheritdoc cref="FunctionSignals.Indirect"/>
    IndirectFunction,

    /// <inheritdoc cref="CustomerState.LastPurchaseDay"/>
    LastPurchaseDay,

    /// <inheritdoc cref="PurchaseSignals.RfmFrequency"/>
    RfmFrequency,

    /// <inheritdoc cref="PurchaseSignals.RfmMonetary"/>
    RfmMonetary,

    /// <inheritdoc cref="PurchaseSignals.RevenueTotal"/>
    RevenueTotal,

    /// <inheritdoc cref="CustomerSignals.ChurnRisk"/>
    ChurnRisk,
}

/// <summary>The values of the <see cref="AxisSignal"/>s for a customer with purchases, each computed once.</summary>
/// <param name="Lower">The first eight, in the order of the signals.</param>
/// <param name="Upper">The others.</param>
internal readonly record struct AxisSignals(Vector512<double> Lower, Vector512<double> Upper)
{
    /// <summary>Number of signals.</summary>
    public const int Count = (int)AxisSignal.ChurnRisk + 1;

    /// <summary>One of them.</summary>
    public double this[int signal] => signal < Vector512<double>.Count ? Lower[signal] : Upper[signal - Vector512<double>.Count];

    /// <summary>
    /// Measures what the schemes of a scope go by. Written out, so that each is compiled to the one signal that it names, and put together without passing memory,
    /// where a vector of values just written one by one would wait for all of them.
    /// </summary>
    /// <param name="signals">The customer's signals at the instant to assess.</param>
    /// <param name="state">The customer's aggregates.</param>
    /// <param name="scope">Without relative schemes what only they go by is not a number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static AxisSignals Measure(in CustomerSignals signals, ref readonly CustomerState state, SchemeScope scope)
    {
        bool isRelative = (scope & SchemeScope.Relative) != 0;
        var lower = Vector512.Create(
            Of(AxisSignal.CustomerValue, in signals, in state),
            Of(AxisSignal.CurrentValue, in signals, in state),
            Of(AxisSignal.GrowthValue, in signals, in state),
            isRelative ? Of(AxisSignal.GrowthValueUncapped, in signals, in state) : double.NaN,
            Of(AxisSignal.EffectiveCycleDays, in signals, in state),
            Of(AxisSignal.Ticket, in signals, in state),
            Of(AxisSignal.ResponseDegree, in signals, in state),
            Of(AxisSignal.DecayedProfit, in signals, in state));
        var upper = Vector512.Create(
            Of(AxisSignal.LoyaltyBehaviour, in signals, in state),
            Of(AxisSignal.DirectFunction, in signals, in state),
            Of(AxisSignal.IndirectFunction, in signals, in state),
            isRelative ? Of(AxisSignal.LastPurchaseDay, in signals, in state) : double.NaN,
            isRelative ? Of(AxisSignal.RfmFrequency, in signals, in state) : double.NaN,
            isRelative ? Of(AxisSignal.RfmMonetary, in signals, in state) : double.NaN,
            isRelative ? Of(AxisSignal.RevenueTotal, in signals, in state) : double.NaN,
            Of(AxisSignal.ChurnRisk, in signals, in state));
        return new AxisSignals(lower, upper);
    }

    /// <summary>One of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Of(AxisSignal signal, in CustomerSignals signals, ref readonly CustomerState state) => signal switch
    {
        AxisSignal.CustomerValue => signals.CustomerValue,
        AxisSignal.CurrentValue => ValueSignals.CurrentValueOf(in signals),
        AxisSignal.GrowthValue => ValueSignals.GrowthValueOf(in signals),
        AxisSignal.GrowthValueUncapped => ValueSignals.GrowthValueUncappedOf(in signals),
        AxisSignal.EffectiveCycleDays => PurchaseSignals.EffectiveCycleYearsOf(in signals) * ScoringRules.DaysPerYear,
        AxisSignal.Ticket => signals.Steady.Ticket,
        AxisSignal.ResponseDegree => DegreeSignals.ResponseDegreeOf(in signals),
        AxisSignal.DecayedProfit or AxisSignal.DirectFunction => signals.DecayedProfit,
        AxisSignal.LoyaltyBehaviour => DegreeSignals.LoyaltyBehaviourOf(in signals),
        AxisSignal.IndirectFunction => FunctionSignals.IndirectOf(in signals),
        AxisSignal.LastPurchaseDay => state.LastPurchaseDay,
        AxisSignal.RfmFrequency => signals.RfmFrequency,
        AxisSignal.RfmMonetary => PurchaseSignals.RfmMonetaryOf(in signals),
        AxisSignal.RevenueTotal => signals.Steady.RevenueTotal,
        _ => signals.ChurnRisk,
    };
}
