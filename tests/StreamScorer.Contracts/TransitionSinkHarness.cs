using StreamScorer.Engine.Publish;

namespace StreamScorer.Contracts;

/// <summary>Empty outputs with two partitions, of the implementation under test.</summary>
public abstract class TransitionSinkHarness : IAsyncDisposable
{
    /// <summary>Partitions of the outputs.</summary>
    public const int PartitionCount = 2;

    /// <summary>A sink of these outputs.</summary>
    public abstract ITransitionSink Connect();

    /// <summary>What is in a partition of the dead-letter output.</summary>
    public abstract Task<IReadOnlyList<PublishedRecord>> DeadLettersAsync(int partition);

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}
