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

/// <summary>How many numbers a list of the policy has, and in what order.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PolicyListAttribute(int count, ListOrder order = ListOrder.Any) : Attribute
{
    /// <summary>Exact number of values.</summary>
    public int Count { get; } = count;

    /// <summary>The order that the values must have.</summary>
    public ListOrder Order { get; } = order;
}

/// <summary>Order of the values of a list.</summary>
public enum ListOrder
{
    /// <summary>None: the places have meanings of their own.</summary>
    Any,

    /// <summary>Each value above the one before it.</summary>
    Rising,

    /// <summary>Each value below the one before it.</summary>
    Falling,
}
