using StreamScorer.Engine.Publish;

namespace StreamScorer.Engine.Tests;

/// <summary>An output that fails a few times before it works; what a failed publication had accepted by then stays.</summary>
internal sealed class FailingSink(ITransitionSink inner, bool transient, int times) : ITransitionSink
{
    private int left = times;

    public ValueTask OpenAsync(int partitionCount, CancellationToken cancellation) => inner.OpenAsync(partitionCount, cancellation);

    public async ValueTask<long> PublishAsync(int partition, IReadOnlyList<OutboxEntry> entries, CancellationToken cancellation)
    {
        if (Interlocked.Decrement(ref left) < 0)
            return await inner.PublishAsync(partition, entries, cancellation);
        await inner.PublishAsync(partition, [entries[0]], cancellation);
        throw Failure("publishing");
    }

    public ValueTask<long> EndPositionAsync(int partition, CancellationToken cancellation) => inner.EndPositionAsync(partition, cancellation);

    public IAsyncEnumerable<PublishedRecord> ReadAsync(int partition, long fromPosition, CancellationToken cancellation) =>
        Interlocked.Decrement(ref left) < 0 ? inner.ReadAsync(partition, fromPosition, cancellation) : throw Failure("reading back");

    public IAsyncEnumerable<PublishedRecord> ReadDeadLettersAsync(int partition, long fromPosition, CancellationToken cancellation) =>
        inner.ReadDeadLettersAsync(partition, fromPosition, cancellation);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private TransitionSinkException Failure(string what) => new($"{what} failed on purpose") { IsTransient = transient };
}
