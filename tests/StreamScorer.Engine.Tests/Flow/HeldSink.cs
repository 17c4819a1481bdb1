using StreamScorer.Engine.Publish;

namespace StreamScorer.Engine.Tests;

/// <summary>An output that takes nothing until it is opened, as a topic whose brokers are away.</summary>
internal sealed class HeldSink(ITransitionSink inner, Task opened) : ITransitionSink
{
    public ValueTask OpenAsync(int partitionCount, CancellationToken cancellation) => inner.OpenAsync(partitionCount, cancellation);

    public async ValueTask<long> PublishAsync(int partition, IReadOnlyList<OutboxEntry> entries, CancellationToken cancellation)
    {
        await opened.WaitAsync(cancellation);
        return await inner.PublishAsync(partition, entries, cancellation);
    }

    public ValueTask<long> EndPositionAsync(int partition, CancellationToken cancellation) => inner.EndPositionAsync(partition, cancellation);

    public IAsyncEnumerable<PublishedRecord> ReadAsync(int partition, long fromPosition, CancellationToken cancellation) =>
        inner.ReadAsync(partition, fromPosition, cancellation);

    public IAsyncEnumerable<PublishedRecord> ReadDeadLettersAsync(int partition, long fromPosition, CancellationToken cancellation) =>
        inner.ReadDeadLettersAsync(partition, fromPosition, cancellation);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
