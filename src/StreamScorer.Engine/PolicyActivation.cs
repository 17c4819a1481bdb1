namespace StreamScorer.Engine;

/// <summary>What became of a policy that was offered to a running engine.</summary>
/// <param name="Outcome">Whether it is in force.</param>
/// <param name="Refusal">Why it is not, and what to do; null unless refused.</param>
public readonly record struct PolicyActivation(PolicyOutcome Outcome, string? Refusal = null);

/// <summary>See <see cref="PolicyActivation"/>.</summary>
public enum PolicyOutcome
{
    /// <summary>It is the one in force already.</summary>
    Unchanged,

    /// <summary>It is in force from every partition's next batch on; all customers are re-scored.</summary>
    Accepted,

    /// <summary>The one in force stays.</summary>
    Refused,
}
