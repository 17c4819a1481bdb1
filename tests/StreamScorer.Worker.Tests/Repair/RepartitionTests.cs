using System.Text;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Processing;
using StreamScorer.Engine.Source;
using StreamScorer.Scoring.Policy;
using StreamScorer.Testing.State;
using StreamScorer.Worker.Repair;

namespace StreamScorer.Worker.Tests.Repair;

public sealed class RepartitionTests
{
    private const int Customers = 5_000, Old = 3, New = 8;

    private static readonly Func<ReadOnlyMemory<byte>, int, int> partitioner = (id, count) => Partitioner.Murmur2(id.Span, count);

    private readonly InMemoryStateStore from = new();
    private readonly InMemoryStateStore to = new();
    private readonly List<int> copied = [];

    [Fact]
    public async Task Every_customer_goes_to_the_partition_of_its_key_with_the_same_records()
    {
        await FillAsync();

        Assert.Equal(Customers, await RunAsync());

        var ids = new HashSet<string>();
        for (int partition = 0; partition < New; partition++)
        {
            await foreach (StoredCustomer customer in to.ReadCustomersAsync(partition, CancellationToken.None))
            {
                string id = Encoding.UTF8.GetString(customer.CustomerId);
                Assert.Equal(partition, partitioner(customer.CustomerId, New));
                Assert.Equal(("hot " + id, HasCold(id) ? "cold " + id : ""), (Encoding.UTF8.GetString(customer.Hot), Encoding.UTF8.GetString(customer.Cold)));
                Assert.True(ids.Add(id));
            }
        }
        Assert.Equal(Customers, ids.Count);
    }

    [Fact]
    public async Task Offsets_counters_clock_and_recent_events_go_on()
    {
        await FillAsync();
        await RunAsync();

        PartitionMeta[] metas = await MetasAsync();
        Assert.Equal(Enumerable.Range(100, New).Select(offset => (long)offset), metas.Select(meta => meta.Offset));
        Assert.Equal(30 + 31 + 32, metas.Sum(meta => meta.Counters.Applied));
        Assert.All(metas, meta => Assert.Equal((1_000, 7, 5), (meta.ClockMs, meta.PolicyVersion, meta.Layout)));
        Assert.Equal(New, metas.Select(meta => meta.Incarnation).Distinct().Count());
        var rest = new PartitionRest();
        await using IPartitionStore store = await to.OpenPartitionAsync(New - 1, CancellationToken.None);
        Assert.True(await store.LoadAsync(rest, CancellationToken.None));
        Assert.Equal<ulong>([900, 901, 902], rest.Newest(metas[^1].RecentCount, 10).Order());
    }

    [Fact]
    public async Task An_interrupted_run_goes_on_where_it_stopped_and_nobody_takes_half_a_state()
    {
        await FillAsync();
        using var interrupted = new CancellationTokenSource();
        await Assert.ThrowsAsync<OperationCanceledException>(() => RunAsync(onCopied: interrupted.Cancel, cancellation: interrupted.Token));
        Assert.All(await MetasAsync(), meta => Assert.Equal(Repartition.Incomplete, meta.Layout));
        Assert.All(await MetasAsync(), meta => Assert.NotNull(new PartitionMemory(meta, new ScoringRules(new ScoringPolicy())).LoadError));
        copied.Clear();

        Assert.Equal(Customers, await RunAsync());

        Assert.Equal([1, 2], copied);
    }

    [Fact]
    public async Task A_state_in_use_is_not_overwritten_and_a_wrong_partitioner_is_noticed()
    {
        await FillAsync();
        StateStoreException wrong = await Assert.ThrowsAsync<StateStoreException>(() => new Repartition(
            new StateSide(from, Old, "in"), new StateSide(to, New, "in"), (id, count) => Partitioner.Crc32(id.Span, count), TimeProvider.System).RunAsync(new long[New], _ => { }, default));
        Assert.Contains("--partitioner", wrong.Message, StringComparison.Ordinal);
        await RunAsync();

        StateStoreException used = await Assert.ThrowsAsync<StateStoreException>(() => RunAsync());

        Assert.Contains("is in use already", used.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_that_still_commits_is_noticed()
    {
        await FillAsync();

        // In memory nothing is waited for.
        StateStoreException changed = await Assert.ThrowsAsync<StateStoreException>(
            () => RunAsync(onCopied: () => Assert.True(ClaimAndCommitAsync(0, _ => { }, meta => meta).IsCompletedSuccessfully)));

        Assert.Contains("has changed meanwhile: stop all workers", changed.Message, StringComparison.Ordinal);
        Assert.All(await MetasAsync(), meta => Assert.Equal(Repartition.Incomplete, meta.Layout));
    }

    private Task<long> RunAsync(Action? onCopied = null, CancellationToken cancellation = default) =>
        new Repartition(new StateSide(from, Old, "in"), new StateSide(to, New, "in"), partitioner, TimeProvider.System).RunAsync(
            [.. Enumerable.Range(100, New)],
            partition =>
            {
                copied.Add(partition);
                onCopied?.Invoke();
            },
            cancellation);

    private async Task<PartitionMeta[]> MetasAsync()
    {
        var metas = new PartitionMeta[New];
        for (int partition = 0; partition < New; partition++)
            metas[partition] = (await to.ReadMetaAsync(partition, CancellationToken.None))!.Value;
        return metas;
    }

    private async Task FillAsync()
    {
        for (int partition = 0; partition < Old; partition++)
        {
            int own = partition;
            await ClaimAndCommitAsync(own, commit => Fill(commit, own), meta => meta with
            {
                Offset = 50,
                Layout = 5,
                PolicyVersion = 7,
                ClockMs = 1_000 + own,
                RecentCount = 1,
                Counters = new PartitionCounters(30 + own, 30 + own, 0, 0, 0, 0, 0),
            });
        }
    }

    private static void Fill(PartitionCommit commit, int partition)
    {
        for (int i = 0; i < Customers; i++)
        {
            byte[] id = Encoding.UTF8.GetBytes($"C{i}");
            if (partitioner(id, Old) != partition)
                continue;
            commit.PutHot(id, Encoding.UTF8.GetBytes($"hot C{i}"));
            if (HasCold($"C{i}"))
                commit.PutCold(id, Encoding.UTF8.GetBytes($"cold C{i}"));
        }
        commit.Remember(900 + (ulong)partition);
    }

    private async Task ClaimAndCommitAsync(int partition, Action<PartitionCommit> fill, Func<PartitionMeta, PartitionMeta> next)
    {
        await using IPartitionStore store = await from.OpenPartitionAsync(partition, CancellationToken.None);
        PartitionMeta meta = (await store.ClaimAsync(1, CancellationToken.None)).Meta;
        var commit = new PartitionCommit();
        fill(commit);
        commit.Seal(meta.Fence, next(meta), 0);
        Assert.Equal(CommitOutcome.Applied, await store.CommitAsync(commit, CancellationToken.None));
    }

    private static bool HasCold(string id) => id.EndsWith('7');
}
