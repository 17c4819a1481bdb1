using System.Runtime.InteropServices;

namespace StreamScorer.Scoring.State;

/// <summary>Contacts and the customer's responses to them. 24 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct ResponseHistory
{
    /// <summary>Contacts.</summary>
    public int Contacts;

    /// <summary>Responses.</summary>
    public int Responses;

    /// <summary>Contacts, decayed.</summary>
    public double DecayedContacts;

    /// <summary>Responses, decayed.</summary>
    public double DecayedResponses;

    /// <summary>True when there was neither.</summary>
    public readonly bool IsEmpty => DecayedContacts == 0 && DecayedResponses == 0;
}

/// <summary>Complaints, weighted with their severity 1 to 3. 20 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct ComplaintHistory
{
    /// <summary>Complaints.</summary>
    public int Count;

    /// <summary>Severity of complaints not resolved, decayed.</summary>
    public double DecayedUnresolved;

    /// <summary>Severity of complaints resolved, decayed.</summary>
    public double DecayedResolved;
}

/// <summary>
/// Referrals. Who was referred is not kept (the list has no bound), nor what became of them (they are in other partitions): a referral is to be sent when the
/// referred customer first buys, and each one counts once. 16 bytes.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct ReferralHistory
{
    /// <summary>Referrals.</summary>
    public int Count;

    /// <summary>Those of them that named the referred customer.</summary>
    public int Attributed;

    /// <summary>Referrals, decayed.</summary>
    public double Decayed;
}
