namespace StreamScorer.Chaos;

/// <summary>What happens to the workers of one consumer group before the last of them is dead.</summary>
internal enum GenerationKind
{
    /// <summary>They take over, work and die.</summary>
    Sudden,

    /// <summary>One dies first, and the others take over what it held.</summary>
    Survived,

    /// <summary>One joins later, so that the others have to hand over to it.</summary>
    Joined,
}

/// <summary>How one worker dies.</summary>
/// <param name="Failpoint">As <see cref="Worker.Hosting.Failpoint.Variable"/> names it, or null.</param>
/// <param name="After">Time from the moment on which the generation's successor may start; one that has not reached its failpoint by then is killed too.</param>
internal readonly record struct Death(string? Failpoint, TimeSpan After);

/// <summary>The workers of one generation and their deaths.</summary>
internal sealed record GenerationPlan(GenerationKind Kind, IReadOnlyList<Death> Deaths);
