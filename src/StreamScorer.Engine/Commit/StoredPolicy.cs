using StreamScorer.Scoring.Policy;

namespace StreamScorer.Engine.Commit;

/// <summary>Whether a policy may act on the stored state. Policies are stored by version, so that a version in a transition always means one content.</summary>
internal static class StoredPolicy
{
    /// <summary>The check on taking a partition over: against the policy that it was last written with.</summary>
    /// <exception cref="StateStoreException">The present one may not go on; the text names the fix.</exception>
    public static async Task RequireAsync(IStateStore store, ScoringPolicy policy, long writtenVersion, CancellationToken cancellation)
    {
        if (writtenVersion == policy.Version || writtenVersion == 0)
            return;
        // What is not there, or is from a version of the program that knew other keys, cannot be compared.
        if (await store.ReadOrCreatePolicyAsync(writtenVersion, null, cancellation) is { } json && Parse(json) is { } stored && Accumulated(stored, policy) is { } refusal)
            throw new StateStoreException(refusal);
    }

    /// <summary>Why <paramref name="next"/> cannot take the place of <paramref name="present"/> in a running worker, or null.</summary>
    public static string? RefusedWhileRunning(ScoringRules present, ScoringRules next)
    {
        long version = present.Policy.Version;
        if (next.Policy.Version <= version)
            return $"Policy {next.Policy.Version} is not newer than policy {version}, which is in force: raise `version` above {version}.";
        bool sameSchemes = present.BadgeScheme == next.BadgeScheme && present.Schemes.Select(scheme => scheme.Id).SequenceEqual(next.Schemes.Select(scheme => scheme.Id));
        return sameSchemes ? Accumulated(present.Policy, next.Policy)
            : $"Policy {next.Policy.Version} switches a scheme on or off, or has another badge: the counts per scheme begin anew with that. Restart the worker with it.";
    }

    /// <summary>Why <paramref name="next"/> cannot go on over state that <paramref name="stored"/> built, or null.</summary>
    public static string? Accumulated(ScoringPolicy stored, ScoringPolicy next)
    {
        IReadOnlyList<string> differences = AccumulatingConstants.Differences(stored, next);
        return differences.Count == 0 ? null : $"Policy {next.Version} changes what the stored sums were built with ({string.Join("; ", differences)}): that cannot "
            + "change over stored state. Keep those values; or build the state anew from the input: start with --rebuild.";
    }

    /// <summary>Stores the policy under its version. A text when that version is stored with other content.</summary>
    public static async Task<string?> RegisterAsync(IStateStore store, ScoringPolicy policy, CancellationToken cancellation)
    {
        string json = PolicyFile.Format(policy);
        string? stored = await store.ReadOrCreatePolicyAsync(policy.Version, json, cancellation);
        // Formatted anew: a key that is new in this version of the program has its default in both.
        bool same = stored == json || (stored is not null && Parse(stored) is { } parsed && PolicyFile.Format(parsed) == json);
        return same ? null : $"Policy {policy.Version} is in the store with other content: a version stands for one content for ever, because transitions name it. "
            + "Raise `version` in the policy.";
    }

    private static ScoringPolicy? Parse(string json) => PolicyFile.Parse(System.Text.Encoding.UTF8.GetBytes(json)).Policy;
}
