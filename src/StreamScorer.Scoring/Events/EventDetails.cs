namespace StreamScorer.Scoring.Events;

/// <summary>What a cost was for.</summary>
public enum CostReason : byte
{
    /// <summary>Not said: counts as cost to serve.</summary>
    Other,

    /// <summary>Winning the customer: the sources' C0.</summary>
    Acquisition,

    /// <summary>Serving the customer.</summary>
    Service,

    /// <summary>Addressing the customer: counts as cost to serve.</summary>
    Marketing,
}

/// <summary>When a customer was asked how satisfied it is. The numbers are places in <see cref="State.SatisfactionHistory"/>.</summary>
public enum SalePhase : byte
{
    /// <summary>Not said.</summary>
    None,

    /// <summary>Before the sale.</summary>
    Before,

    /// <summary>During the sale.</summary>
    During,

    /// <summary>After the sale.</summary>
    After,
}

/// <summary>What was done with information.</summary>
public enum InformationAction : byte
{
    /// <summary>Not said.</summary>
    None,

    /// <summary>Information was collected.</summary>
    Collected,

    /// <summary>Information was put to use.</summary>
    Used,
}

/// <summary>Why a relationship ends.</summary>
public enum EndingReason : byte
{
    /// <summary>It has not ended.</summary>
    None,

    /// <summary>The customer died: the relationship ends at once.</summary>
    Death,

    /// <summary>The customer's business or account closes.</summary>
    Closure,

    /// <summary>The customer retires.</summary>
    Retirement,

    /// <summary>The customer moves out of reach.</summary>
    Moved,
}
