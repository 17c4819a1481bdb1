namespace StreamScorer.Chaos;

/// <summary>The workers of one consumer group, from their start to their deaths.</summary>
internal sealed class Generation : IDisposable
{
    private const string TakenOver = "taken over with";
    // 128 + SIGKILL.
    private const int Killed = 137;
    private static readonly TimeSpan look = TimeSpan.FromMilliseconds(10);
    private readonly GenerationPlan plan;
    private readonly string[] flags;
    private readonly List<WorkerProgram> workers = [];

    private Generation(GenerationPlan plan, string[] flags)
    {
        (this.plan, this.flags) = (plan, flags);
        int later = plan.Kind == GenerationKind.Joined ? 1 : 0;
        foreach (Death death in plan.Deaths.SkipLast(later))
            Add(death);
    }

    /// <summary>How many die in it.</summary>
    public int Count => plan.Deaths.Count;

    /// <summary>Starts its workers; they own nothing before three seconds have passed.</summary>
    public static Generation Start(GenerationPlan plan, ChaosServers servers, string group) => new(plan, servers.Flags("disturbed", group));

    /// <summary>Completes when its successor may start.</summary>
    /// <exception cref="CampaignException">Its workers do not get on.</exception>
    public async Task RipeAsync(CancellationToken cancellation)
    {
        await UntilAsync("take over", () => workers.Exists(worker => worker.HasEnded || worker.Count(TakenOver) > 0), cancellation);
        if (plan.Kind == GenerationKind.Survived)
            await SurviveAsync(cancellation);
        if (plan.Kind == GenerationKind.Joined)
            await JoinAsync(cancellation);
    }

    /// <summary>Completes when all are dead.</summary>
    /// <returns>How many that were.</returns>
    /// <exception cref="CampaignException">One ended otherwise.</exception>
    public async Task<int> DieAsync(CancellationToken cancellation)
    {
        await Task.WhenAll(workers.Zip(plan.Deaths, (worker, death) => DieAsync(worker, death, cancellation)));
        return workers.Count;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{plan.Kind}: {string.Join(", ", plan.Deaths.Select(death => death.Failpoint ?? $"{death.After.TotalMilliseconds:F0} ms"))}";

    /// <inheritdoc/>
    public void Dispose() => workers.ForEach(worker => worker.Dispose());

    private void Add(Death death) => workers.Add(WorkerProgram.StartToDie(death.Failpoint, AppContext.BaseDirectory, flags));

    private async Task SurviveAsync(CancellationToken cancellation)
    {
        workers[0].KillNow();
        int[] before = [.. workers.Select(worker => worker.Count(TakenOver))];
        await UntilAsync(
            "take over from a dead worker", () => workers.Zip(before).Skip(1).All(pair => pair.First.HasEnded || pair.First.Count(TakenOver) > pair.Second), cancellation);
    }

    private async Task JoinAsync(CancellationToken cancellation)
    {
        Add(plan.Deaths[^1]);
        await UntilAsync("hand over to a new worker", () => workers[^1].HasEnded || workers[^1].Count(TakenOver) > 0, cancellation);
    }

    private static async Task DieAsync(WorkerProgram worker, Death death, CancellationToken cancellation)
    {
        // Not a wait for something to happen: the instant itself is what is drawn.
        await Task.WhenAny(worker.EndAsync(), Task.Delay(death.After, cancellation));
        worker.KillNow();
        ProgramResult result = await worker.EndAsync();
        if (result.ExitCode != Killed)
            throw new CampaignException($"a worker ended with exit code {result.ExitCode} instead of being killed:\n{result.Errors}");
    }

    private async Task UntilAsync(string what, Func<bool> condition, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Campaign.Patience);
        using var timer = new PeriodicTimer(look);
        try
        {
            while (!condition())
                await timer.WaitForNextTickAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new CampaignException(
                $"workers did not {what} within {Campaign.Patience.TotalSeconds} s ({this}):\n{string.Join("\n---\n", workers.Select(worker => worker.Errors))}");
        }
    }
}
