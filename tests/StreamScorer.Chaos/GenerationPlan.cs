using StreamScorer.Engine;
using StreamScorer.Worker.Hosting;

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
internal sealed record GenerationPlan(GenerationKind Kind, IReadOnlyList<Death> Deaths)
{
    /// <summary>
    /// By then all are dead. The successors wait three seconds in their new group before they own anything; a worker that lived on would be a second owner.
    /// </summary>
    private static readonly TimeSpan latest = TimeSpan.FromSeconds(2.2);

    private static readonly EngineStep[] handOver = [EngineStep.Revoked, EngineStep.Drained];
    private static readonly EngineStep[] others = [.. Enum.GetValues<EngineStep>().Except(handOver)];

    /// <summary>Draws a plan for at most <paramref name="workers"/> workers.</summary>
    public static GenerationPlan Draw(Random random, int number, int workers)
    {
        GenerationKind kind = workers < 2 || number % 5 != 4 ? GenerationKind.Sudden : number % 10 == 4 ? GenerationKind.Survived : GenerationKind.Joined;
        return new GenerationPlan(kind, [.. Enumerable.Range(0, workers).Select(worker => DrawDeath(random, kind, worker, workers))]);
    }

    private static Death DrawDeath(Random random, GenerationKind kind, int worker, int workers)
    {
        // The first of those that are to survive one dies at once; whoever joins last meets nobody who could take from it.
        if (kind == GenerationKind.Survived && worker == 0)
            return new Death(null, TimeSpan.Zero);
        if (kind != GenerationKind.Sudden && worker < workers - 1)
            return new Death(Text(random, handOver, 4), latest);
        return random.Next(3) == 0 ? new Death(null, latest * random.NextDouble()) : new Death(Text(random, others, 24), latest);
    }

    private static string Text(Random random, EngineStep[] steps, int occurrences) =>
        $"{Failpoint.NameOf(steps[random.Next(steps.Length)])}:{1 + random.Next(random.Next(2) == 0 ? 1 : occurrences)}";
}
