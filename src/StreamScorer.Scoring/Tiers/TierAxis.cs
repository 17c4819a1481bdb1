namespace StreamScorer.Scoring.Tiers;

/// <summary>One axis of a scheme.</summary>
/// <param name="Signal">The signal that it measures, as published.</param>
/// <param name="LowerIsBetter">Whether the axis is kept negated, because less is better.</param>
public sealed record TierAxis(string Signal, bool LowerIsBetter = false)
{
    /// <summary>The signal's own value of a value on the axis.</summary>
    public double SignalOf(double axisValue) => LowerIsBetter ? -axisValue : axisValue;
}
