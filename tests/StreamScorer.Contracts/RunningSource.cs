using StreamScorer.Engine.Source;

namespace StreamScorer.Contracts;

/// <summary>A source that runs until it is disposed, and what its owner was told.</summary>
public sealed class RunningSource : IAsyncDisposable
{
    private readonly CancellationTokenSource stopping = new();

    private RunningSource(IEventSource source)
    {
        Source = source;
        Run = source.RunAsync(Owner, stopping.Token);
    }

    /// <summary>The source.</summary>
    public IEventSource Source { get; }

    /// <summary>Its owner.</summary>
    public RecordingOwner Owner { get; } = new();

    /// <summary>The run; ends after <see cref="Stop"/> or with the source's failure.</summary>
    public Task Run { get; }

    /// <summary>Starts a source.</summary>
    public static RunningSource Start(IEventSource source) => new(source);

    /// <summary>Starts a source that gets all partitions, and completes when it has them, by partition number.</summary>
    public static async Task<(RunningSource Source, IReadOnlyList<PartitionAssignment> Assignments)> StartAssignedAsync(IEventSource source)
    {
        RunningSource running = Start(source);
        OwnerCall call = await running.Owner.NextAsync();
        Xunit.Assert.Equal(OwnerCallKind.Assigned, call.Kind);
        return (running, [.. call.Assignments.OrderBy(assignment => assignment.Partition)]);
    }

    /// <summary>Asks the source to stop.</summary>
    public void Stop() => stopping.Cancel();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Stop();
        await Run;
        await Source.DisposeAsync();
        stopping.Dispose();
    }
}
