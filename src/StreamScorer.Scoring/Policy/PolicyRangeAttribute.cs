namespace StreamScorer.Scoring.Policy;

/// <summary>
/// The values that a number of the policy, or each number of a list, may take. Read by <see cref="PolicyValidation"/> and <see cref="PolicySchema"/>, so that
/// the check and the published schema cannot differ.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PolicyRangeAttribute(double minimum, double maximum) : Attribute
{
    /// <summary>Least value allowed.</summary>
    public double Minimum { get; } = minimum;

    /// <summary>Greatest value allowed.</summary>
    public double Maximum { get; } = maximum;
}

/// <summary>How many numbers a list of the policy has, and whether they rise or fall.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PolicyListAttribute(int count, bool rising) : Attribute
{
    /// <summary>Exact number of values.</summary>
    public int Count { get; } = count;

    /// <summary>True when each value must be above the one before it, false when below.</summary>
    public bool Rising { get; } = rising;
}
