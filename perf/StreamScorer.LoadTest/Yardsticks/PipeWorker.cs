using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Decode;
using StreamScorer.Engine.Source;
using StreamScorer.Kafka;
using StreamScorer.LoadTest.Subjects;
using StreamScorer.Redis;
using StreamScorer.Scoring.Events;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.State;

namespace StreamScorer.LoadTest.Yardsticks;

/// <summary>
/// The same pipe with scoring left out: the product's consumer, decoder, commit and store, and in place of the fold a record of the same size for every event. It has
/// no transitions to publish.
/// </summary>
internal sealed class PipeWorker(IStateStore stores, int batchSizeMax) : IPartitionOwner
{
    private readonly ConcurrentDictionary<PartitionAssignment, Task> running = new();

    /// <summary>Runs it as a process.</summary>
    public static async Task<int> RunAsync(string bootstrap, string redis, string prefix)
    {
        var kafka = new KafkaOptions { BootstrapServers = bootstrap, TransactionsTopic = LoadServers.PipeTopic, GroupId = prefix };
        await using var source = new KafkaEventSource(kafka, NullLogger<KafkaEventSource>.Instance);
        await using RedisStateStore store = await RedisStateStore.OpenAsync(
            new RedisOptions { Endpoints = [redis], Prefix = prefix }, source.Topic, CancellationToken.None);
        await source.OpenAsync(CancellationToken.None);
        var worker = new PipeWorker(store, kafka.BatchSizeMax);
        await RoleProcess.RunAsync(stop => source.RunAsync(worker, stop));
        return 0;
    }

    /// <inheritdoc/>
    public void Assigned(IReadOnlyList<PartitionAssignment> assignments)
    {
        foreach (PartitionAssignment assignment in assignments)
            running[assignment] = Task.Run(() => RunPartitionAsync(assignment));
    }

    /// <inheritdoc/>
    public void Revoked(IReadOnlyList<PartitionAssignment> assignments)
    {
        foreach (PartitionAssignment assignment in assignments)
        {
            if (running.TryRemove(assignment, out Task? task))
                task.Wait();
        }
    }

    /// <inheritdoc/>
    public void Lost(IReadOnlyList<PartitionAssignment> assignments) => Revoked(assignments);

    private async Task RunPartitionAsync(PartitionAssignment assignment)
    {
        await using IPartitionStore store = await stores.OpenPartitionAsync(assignment.Partition, CancellationToken.None);
        PartitionMeta meta = (await store.ClaimAsync(1, CancellationToken.None)).Meta with { Offset = 0 };
        var decoder = new EventDecoder(new ScoringRules(new ScoringPolicy()));
        var commit = new PartitionCommit();
        assignment.StartAt(0);
        while (await assignment.Records.WaitToReadAsync())
        {
            while (commit.Writes.Length < batchSizeMax && assignment.TryRead(out RecordBatch? batch))
            {
                using (batch)
                    meta = Copy(batch, decoder, commit, meta);
            }
            if (commit.Writes.Length == 0)
                continue;
            commit.Seal(meta.Fence, meta, trimThroughSeq: 0);
            if (await store.CommitAsync(commit, CancellationToken.None) != CommitOutcome.Applied)
                throw new InvalidOperationException("a commit of the pipe was not applied");
            meta = commit.Next;
            commit.Clear();
        }
    }

    private static PartitionMeta Copy(RecordBatch batch, EventDecoder decoder, PartitionCommit commit, PartitionMeta meta)
    {
        CustomerState state = default;
        for (int i = 0; i < batch.Count; i++)
        {
            SourceRecord record = batch[i];
            if (decoder.Decode(in record, out CustomerEvent e).Rejected)
                throw new InvalidOperationException("the load has an event that cannot be decoded");
            (state.Layout, state.LastPurchaseMs, state.Revenue) = (CustomerState.CurrentLayout, e.TimeMs, e.Amount);
            commit.PutHot(e.CustomerId, CustomerState.AsBytes(in state));
            commit.Remember(e.EventIdHash);
        }
        return meta with
        {
            Offset = batch.NextOffset,
            RecentCount = meta.RecentCount + batch.Count,
            Counters = meta.Counters with { Consumed = meta.Counters.Consumed + batch.Count },
        };
    }
}
