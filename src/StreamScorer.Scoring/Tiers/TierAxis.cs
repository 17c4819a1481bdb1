using System.Text.Json;
using StreamScorer.Scoring.Signals;
using StreamScorer.Scoring.State;

namespace StreamScorer.Scoring.Tiers;

/// <summary>One axis of a scheme.</summary>
/// <param name="Measured">What it measures.</param>
/// <param name="LowerIsBetter">Whether the axis is kept negated, because less is better.</param>
public sealed record TierAxis(AxisSignal Measured, bool LowerIsBetter = false)
{
    /// <summary>The signal that it measures, as published.</summary>
    public string Signal { get; } = JsonNamingPolicy.CamelCase.ConvertName(Measured.ToString());

    /// <summary>The signal's own value of a value on the axis.</summary>
    public double SignalOf(double axisValue) => LowerIsBetter ? -axisValue : axisValue;

    /// <summary>Where a customer with purchases is on the axis; higher is better.</summary>
    internal double ValueOf(in CustomerSignals signals, ref readonly CustomerState state)
    {
        double value = AxisSignals.Of(Measured, in signals, in state);
        return LowerIsBetter ? -value : value;
    }
}
