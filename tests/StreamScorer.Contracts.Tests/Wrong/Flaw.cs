namespace StreamScorer.Contracts.Tests.Wrong;

/// <summary>What a <see cref="WrongStateStore"/> does wrong.</summary>
public enum Flaw
{
    /// <summary>Nothing: the suite must be content.</summary>
    None,

    /// <summary>Writes whatever fence is expected.</summary>
    SkipsTheFence,

    /// <summary>Takes any fence of the present epoch or a newer one.</summary>
    ComparesEpochsOnly,

    /// <summary>Writes the population of a commit that it refuses.</summary>
    KeepsAPartOfARefusedCommit,

    /// <summary>Leaves out every second customer.</summary>
    AppliesHalf,

    /// <summary>Leaves out the outbox entries.</summary>
    ForgetsTheOutbox,

    /// <summary>Removes nobody.</summary>
    ForgetsRemovals,

    /// <summary>Leaves cold records that have become empty.</summary>
    ForgetsColdRemovals,

    /// <summary>Never trims the outbox.</summary>
    ForgetsTheTrim,

    /// <summary>Does not go round at the end of the ring.</summary>
    DropsIdsBeyondTheRing,

    /// <summary>Reads the commit after the caller has begun to fill the next one.</summary>
    CopiesTooLate,

    /// <summary>A claim returns the meta without raising the stored epoch.</summary>
    ClaimsWithoutRaising,

    /// <summary>A claim takes the clock for the epoch, even when it goes back.</summary>
    TrustsTheClock,

    /// <summary>Creates what was lost, instead of saying that it is lost.</summary>
    HealsALostStore,

    /// <summary>Calls every refusal fenced.</summary>
    CallsEverythingFenced,

    /// <summary>Keeps all partitions in one.</summary>
    MixesPartitions,

    /// <summary>Loads a customer twice, as a scan does that is not checked.</summary>
    LoadsTwice,

    /// <summary>Reads the hot record as it is and the cold one as it was.</summary>
    ReadsTorn,

    /// <summary>Leaves out erasure markers.</summary>
    ForgetsErasures,

    /// <summary>Never removes erasure markers.</summary>
    KeepsErasures,

    /// <summary>Leaves the customers when the partition is to be emptied.</summary>
    ForgetsTheReset,

    /// <summary>Replaces the shared record whatever its revision.</summary>
    OverwritesTheApp,

    /// <summary>Keeps one policy for all versions.</summary>
    MixesPolicies,
}
