namespace StreamScorer.Scoring.Tiers;

/// <summary>The tier schemes. The numbers are stored in every customer record: never change or re-use one.</summary>
public enum SchemeId : byte
{
    /// <summary>Rank by value.</summary>
    Pyramid = 0,

    /// <summary>Bounds on value in money.</summary>
    Absolute = 1,

    /// <summary>Current and growth value against the population's means.</summary>
    RelativeValue = 2,

    /// <summary>Current and growth value against absolute bounds.</summary>
    ValueGrowth = 3,

    /// <summary>Purchase cycle by ticket.</summary>
    CycleTicket = 4,

    /// <summary>Value by responsiveness.</summary>
    ValueResponse = 5,

    /// <summary>Decayed profit by behavioural loyalty.</summary>
    ValueLoyalty = 6,

    /// <summary>Direct by indirect function.</summary>
    Function = 7,

    /// <summary>Recency, frequency, monetary.</summary>
    Rfm = 8,

    /// <summary>The few who bring most.</summary>
    Pareto = 9,

    /// <summary>Risk of no further purchase.</summary>
    Churn = 10,

    /// <summary>Stage of the relationship.</summary>
    Lifecycle = 11,
}

/// <summary>Sizes that follow from <see cref="SchemeId"/>.</summary>
public static class SchemeIds
{
    /// <summary>Number of schemes.</summary>
    public const int Count = 12;

    /// <summary>Number of axes of all schemes together: one each, two for the six matrices, three for rfm.</summary>
    public const int AxisCount = 20;

    private static ReadOnlySpan<byte> FirstAxes => [0, 1, 2, 4, 6, 8, 10, 12, 14, 17, 18, 19, AxisCount];

    /// <summary>Index of a scheme's first axis among all.</summary>
    public static int FirstAxis(SchemeId id) => FirstAxes[(int)id];

    /// <summary>Number of a scheme's axes, 1 to 3.</summary>
    public static int AxesOf(SchemeId id) => FirstAxes[(int)id + 1] - FirstAxes[(int)id];
}
