using System.Runtime.CompilerServices;
using StreamScorer.Engine.Publish;
using StreamScorer.Simulation.World;

namespace StreamScorer.Simulation.Ports;

/// <summary>
/// A worker's producer. What is handed to it goes out entry by entry, also when the call was cancelled meanwhile; reading back and publishing more in that
/// partition wait until it has.
/// </summary>
internal sealed class SimulatedSink(Worker worker, Broker broker, Network network) : ITransitionSink
{
    private readonly List<Publication> queued = [];
    private readonly HashSet<string> early = [];

    /// <summary>Whether there is something to send or to acknowledge.</summary>
    public bool HasWork => queued.Count > 0;

    public ValueTask OpenAsync(int partitionCount, CancellationToken cancellation) => ValueTask.CompletedTask;

    public async ValueTask<long> PublishAsync(int partition, IReadOnlyList<OutboxEntry> entries, CancellationToken cancellation)
    {
        await SettledAsync(partition);
        cancellation.ThrowIfCancellationRequested();
        var publication = new Publication(partition, [.. entries]);
        if (worker.IsAlive)
            queued.Add(publication);
        cancellation.Register(() => publication.Reply.TrySetCanceled(cancellation));
        return await publication.Reply.Task;
    }

    public async ValueTask<long> EndPositionAsync(int partition, CancellationToken cancellation)
    {
        await SettledAsync(partition);
        return await network.Send(worker, Network.Target.Broker, () => (long)broker.Transitions(partition).Count, NeverFails<long>, cancellation);
    }

    public async IAsyncEnumerable<PublishedRecord> ReadAsync(
        int partition, long fromPosition, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await SettledAsync(partition);
        PublishedRecord[] read = await network.Send(
            worker, Network.Target.Broker, () => broker.Transitions(partition).Skip((int)fromPosition).ToArray(), NeverFails<PublishedRecord[]>, cancellation);
        foreach (PublishedRecord record in read)
            yield return record;
    }

    public IAsyncEnumerable<PublishedRecord> ReadDeadLettersAsync(int partition, long fromPosition, CancellationToken cancellation) =>
        throw new NotSupportedException("the engine does not read dead letters");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>A canary's way out: at once, and not again when its turn comes.</summary>
    public void PublishEarly(int partition, OutboxEntry entry)
    {
        if (!worker.IsAlive || broker.OutputAway)
            return;
        broker.Publish(partition, entry);
        early.Add(entry.Id);
    }

    /// <summary>Sends the next entry of something queued, or acknowledges it.</summary>
    public void Step(Random random)
    {
        Publication publication = queued[random.Next(queued.Count)];
        if (broker.OutputAway)
            return;
        if (publication.Sent < publication.Entries.Length)
        {
            Send(publication);
            return;
        }
        queued.Remove(publication);
        publication.Reply.TrySetResult(publication.Position);
        publication.Settled.TrySetResult();
    }

    /// <summary>The worker is gone: some of what was on the wire still arrives.</summary>
    public void Die(Random random)
    {
        foreach (Publication publication in queued)
        {
            for (int more = random.Next(4); more > 0 && publication.Sent < publication.Entries.Length && !broker.OutputAway; more--)
                Send(publication);
        }
        queued.Clear();
    }

    private void Send(Publication publication)
    {
        OutboxEntry entry = publication.Entries[publication.Sent++];
        long position = early.Remove(entry.Id) ? broker.Transitions(publication.Partition).Count : broker.Publish(publication.Partition, entry);
        publication.Position = Math.Max(publication.Position, position);
        if (publication.Reply.Task.IsCanceled && !worker.Source.Deliveries.Exists(delivery => delivery.Assignment.Partition == publication.Partition))
            broker.SentLate.Add(entry.Id);
        worker.Trace($"publishes {entry.Seq} of {publication.Partition}: {entry.Id}");
    }

    private async Task SettledAsync(int partition)
    {
        while (queued.Find(p => p.Partition == partition) is { } earlier)
            await earlier.Settled.Task;
    }

    private static T NeverFails<T>() => throw new InvalidOperationException("the producer asks until it is answered");

    private sealed class Publication(int partition, OutboxEntry[] entries)
    {
        public int Partition => partition;

        public OutboxEntry[] Entries => entries;

        public int Sent { get; set; }

        public long Position { get; set; } = -1;

        public TaskCompletionSource<long> Reply { get; } = new();

        public TaskCompletionSource Settled { get; } = new();
    }
}
