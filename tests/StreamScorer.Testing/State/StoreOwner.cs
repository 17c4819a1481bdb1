using System.Text;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Publish;

namespace StreamScorer.Testing.State;

/// <summary>An owner of a partition reduced to its dealings with the store: it claims, commits on top of what it saw last, and loads.</summary>
public sealed class StoreOwner(IPartitionStore partition) : IAsyncDisposable
{
    private readonly PartitionCommit commit = new();

    /// <summary>The meta after this owner's last accepted write.</summary>
    public PartitionMeta Meta { get; private set; }

    /// <summary>The partition store it uses.</summary>
    public IPartitionStore Partition => partition;

    /// <summary>Opens a partition for a new owner, which has not claimed it yet.</summary>
    public static async Task<StoreOwner> OpenAsync(IStateStore store, int partition = 0) =>
        new(await store.OpenPartitionAsync(partition, CancellationToken.None));

    /// <summary>Bytes of a text.</summary>
    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>Claims the partition.</summary>
    /// <exception cref="InvalidOperationException">The store did not let it.</exception>
    public async Task<PartitionMeta> ClaimAsync(long nowUnixMs = 1)
    {
        ClaimResult claim = await partition.ClaimAsync(nowUnixMs, CancellationToken.None);
        return claim.Claimed ? Meta = claim.Meta : throw new InvalidOperationException($"not claimed: {claim.Error}");
    }

    /// <summary>Takes <paramref name="meta"/> for what it saw last, as an owner does that was paused.</summary>
    public void Believe(PartitionMeta meta) => Meta = meta;

    /// <summary>Commits what <paramref name="fill"/> adds; outbox and ring numbers of the meta follow from it.</summary>
    public async Task<CommitOutcome> CommitAsync(Action<PartitionCommit>? fill = null, Func<PartitionMeta, PartitionMeta>? change = null, long trimThroughSeq = 0)
    {
        commit.Clear();
        fill?.Invoke(commit);
        PartitionMeta next = Meta with
        {
            OutboxSeq = Meta.OutboxSeq + commit.Outbox.Count,
            PublishedSeq = Math.Max(Meta.PublishedSeq, trimThroughSeq),
            RecentCount = Meta.RecentCount + commit.RecentIds.Length,
        };
        commit.Seal(Meta.Fence, change?.Invoke(next) ?? next, trimThroughSeq);
        PartitionMeta sealedMeta = commit.Next;
        ValueTask<CommitOutcome> committing = partition.CommitAsync(commit, CancellationToken.None);
        commit.Clear(); // The owner fills the next one while the store writes this one.
        CommitOutcome outcome = await committing;
        if (outcome == CommitOutcome.Applied)
            Meta = sealedMeta;
        return outcome;
    }

    /// <summary>An outbox entry with the next sequence after <paramref name="ahead"/> others of the same commit.</summary>
    public OutboxEntry Entry(string id, int ahead = 0, OutboxKind kind = OutboxKind.Transition) =>
        new(Meta.OutboxSeq + 1 + ahead, kind, id, Bytes("key " + id), Bytes("value " + id), []);

    /// <summary>Loads everything.</summary>
    /// <exception cref="InvalidOperationException">The store could not be reached.</exception>
    public async Task<LoadedPartition> LoadAsync()
    {
        var loaded = new LoadedPartition();
        return await partition.LoadAsync(loaded, CancellationToken.None) ? loaded : throw new InvalidOperationException("not loaded");
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => partition.DisposeAsync();
}
