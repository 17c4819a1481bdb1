namespace StreamScorer.Scoring.Events;

/// <summary>What happened between a customer and us (design: scoring, section 1).</summary>
public enum EventType : byte
{
    /// <summary>The customer bought: amount, optional cost, category, place, channel.</summary>
    Purchase,

    /// <summary>Money went back. Not a purchase and not a purchase day.</summary>
    Refund,

    /// <summary>Cost to serve or to acquire.</summary>
    Cost,

    /// <summary>We addressed the customer.</summary>
    Contact,

    /// <summary>The customer answered a contact.</summary>
    Response,

    /// <summary>A rating from 1 to 5.</summary>
    Satisfaction,

    /// <summary>A complaint of severity 1 to 3.</summary>
    Complaint,

    /// <summary>The customer brought another one.</summary>
    Referral,

    /// <summary>Information about or from the customer was collected or used.</summary>
    Information,

    /// <summary>What the customer spends a year on our kind of goods, with anybody.</summary>
    Wallet,

    /// <summary>The customer did not pay.</summary>
    Default,

    /// <summary>The customer went to a competitor.</summary>
    Defection,

    /// <summary>The relationship ends for a reason that no effort changes.</summary>
    Ending,

    /// <summary>Remove the customer.</summary>
    Erase,

    /// <summary>Nobody's event: only moves the partition clock. Written by imports behind their last event.</summary>
    Clock,
}
