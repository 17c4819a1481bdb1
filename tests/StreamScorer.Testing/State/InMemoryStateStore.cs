using System.Collections.Immutable;
using StreamScorer.Engine.Commit;

namespace StreamScorer.Testing.State;

/// <summary>What goes wrong with one commit on its way to the store.</summary>
public enum CommitFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The request is lost: nothing is written and the outcome is unknown.</summary>
    LostRequest,

    /// <summary>The reply is lost: the commit is judged and written as usual, but the outcome is unknown.</summary>
    LostReply,
}

/// <summary>
/// State store in memory with the semantics of the real ones. Every call completes synchronously, so that a simulation is deterministic.
/// It remembers every accepted write and can go back to any of them, as a server does that lost the tail of its log.
/// </summary>
/// <param name="seed">Makes the incarnations of new partitions reproducible.</param>
public sealed class InMemoryStateStore(int seed = 1) : IStateStore
{
    private readonly Lock gate = new();
    private readonly Random incarnations = new(seed);
    private readonly Dictionary<long, string> policies = [];
    private AppRecord? app;
    private readonly List<ImmutableSortedDictionary<int, PartitionVersion>> history = [ImmutableSortedDictionary<int, PartitionVersion>.Empty];

    /// <summary>Accepted writes (claims and commits of all partitions) so far; a point to go back to.</summary>
    public int WriteCount
    {
        get
        {
            lock (gate)
                return history.Count - 1;
        }
    }

    /// <summary>False: claims are refused, loads and population reads fail and commits end unknown without being written.</summary>
    public bool Reachable { get; set; } = true;

    /// <summary>Decides what goes wrong with a commit (partition, commit); null = nothing ever.</summary>
    public Func<int, PartitionCommit, CommitFault>? Fault { get; set; }

    private ImmutableSortedDictionary<int, PartitionVersion> Current_NeedsLock => history[^1];

    /// <summary>Forgets all writes after the first <paramref name="writeCount"/>, in every partition.</summary>
    public void RollBackTo(int writeCount)
    {
        lock (gate)
            history.RemoveRange(writeCount + 1, history.Count - writeCount - 1);
    }

    /// <summary>Forgets everything, as FLUSHALL does.</summary>
    public void Flush()
    {
        lock (gate)
        {
            history.Add(ImmutableSortedDictionary<int, PartitionVersion>.Empty);
            app = null;
            policies.Clear();
        }
    }

    /// <inheritdoc/>
    public ValueTask<IPartitionStore> OpenPartitionAsync(int partition, CancellationToken cancellation) =>
        ValueTask.FromResult<IPartitionStore>(new InMemoryPartitionStore(this, partition));

    /// <inheritdoc/>
    public ValueTask<PartitionMeta?> ReadMetaAsync(int partition, CancellationToken cancellation) => ValueTask.FromResult(Find(partition)?.Meta);

    /// <inheritdoc/>
    public ValueTask<StoredCustomer?> ReadCustomerAsync(int partition, ReadOnlyMemory<byte> customerId, CancellationToken cancellation)
    {
        byte[] id = customerId.ToArray();
        PartitionVersion? version = Find(partition);
        return ValueTask.FromResult(version is not null && version.Hot.TryGetValue(id, out byte[]? hot) ? Customer(version, id, hot) : null);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<StoredCustomer> ReadCustomersAsync(int partition, CancellationToken cancellation)
    {
        PartitionVersion? version = Find(partition);
        return version is null
            ? AsyncEnumerable.Empty<StoredCustomer>()
            : version.Hot.Select(entry => Customer(version, entry.Key, entry.Value)).ToAsyncEnumerable();
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<byte[]?>> ReadPopulationsAsync(int partitionCount, CancellationToken cancellation) =>
        Reachable
            ? ValueTask.FromResult<IReadOnlyList<byte[]?>>([.. Enumerable.Range(0, partitionCount).Select(p => Find(p)?.Population)])
            : throw Unreachable();

    /// <inheritdoc/>
    public ValueTask<AppRecord> ReadOrCreateAppAsync(string topic, int partitionCount, int layout, CancellationToken cancellation)
    {
        ThrowIfUnreachable();
        lock (gate)
        {
            app ??= new AppRecord
            {
                Topic = topic,
                PartitionCount = partitionCount,
                Layout = layout,
                Incarnation = incarnations.NextInt64(1, long.MaxValue),
                ErasureKey = new UInt128((ulong)incarnations.NextInt64(), (ulong)incarnations.NextInt64()),
            };
            return ValueTask.FromResult(app);
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> ReplaceAppAsync(AppRecord next, CancellationToken cancellation)
    {
        ThrowIfUnreachable();
        lock (gate)
        {
            if (app?.Revision != next.Revision)
                return ValueTask.FromResult(false);
            app = next with { Revision = next.Revision + 1 };
            return ValueTask.FromResult(true);
        }
    }

    /// <inheritdoc/>
    public ValueTask<string?> ReadOrCreatePolicyAsync(long version, string? jsonIfNone, CancellationToken cancellation)
    {
        ThrowIfUnreachable();
        lock (gate)
        {
            if (jsonIfNone is not null)
                policies.TryAdd(version, jsonIfNone);
            return ValueTask.FromResult(policies.GetValueOrDefault(version));
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    internal PartitionVersion? Find(int partition)
    {
        lock (gate)
            return Current_NeedsLock.GetValueOrDefault(partition);
    }

    internal PartitionMeta Claim(int partition, long nowUnixMs)
    {
        lock (gate)
        {
            PartitionVersion version = Current_NeedsLock.GetValueOrDefault(partition)
                ?? new PartitionVersion(PartitionMeta.Empty with { Incarnation = incarnations.NextInt64(1, long.MaxValue) });
            version = version with { Meta = version.Meta with { Fence = version.Meta.Fence.Raise(nowUnixMs) } };
            history.Add(Current_NeedsLock.SetItem(partition, version));
            return version.Meta;
        }
    }

    internal CommitOutcome Commit(int partition, PartitionCommit commit)
    {
        lock (gate)
        {
            PartitionVersion? version = Current_NeedsLock.GetValueOrDefault(partition);
            CommitOutcome outcome = Fence.Judge(version?.Meta.Fence, commit.Expected);
            if (outcome == CommitOutcome.Applied)
                history.Add(Current_NeedsLock.SetItem(partition, version!.Apply(commit)));
            return outcome;
        }
    }

    private static StateStoreException Unreachable() => new("the in-memory store is set unreachable") { IsTransient = true };

    private void ThrowIfUnreachable()
    {
        if (!Reachable)
            throw Unreachable();
    }

    private static StoredCustomer Customer(PartitionVersion version, byte[] id, byte[] hot) =>
        new(id, hot, version.Cold.GetValueOrDefault(id) ?? []);
}
