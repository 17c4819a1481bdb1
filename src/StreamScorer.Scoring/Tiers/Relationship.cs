using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Signals;

namespace StreamScorer.Scoring.Tiers;

/// <summary>Facts about the relationship that more than one scheme goes by.</summary>
public static class Relationship
{
    /// <summary>Negative value after the first period: keeping the customer costs more than it brings.</summary>
    public static bool IsHarmful(in CustomerSignals signals, LifecyclePolicy policy) =>
        signals.HasLosses && signals.HasPurchases && signals.AgeDays > policy.FirstPeriodDays && signals.CustomerValue < 0;

    /// <summary>Whether drops happen at once: nobody waits for the better with a harmful customer, or with one who is not there any more.</summary>
    public static bool SkipsGrace(in CustomerSignals signals, LifecyclePolicy policy) => signals.HasEnded || IsHarmful(in signals, policy);
}
