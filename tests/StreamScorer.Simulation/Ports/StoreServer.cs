using StreamScorer.Engine.Commit;
using StreamScorer.Simulation.Canaries;
using StreamScorer.Simulation.Oracle;
using StreamScorer.Simulation.World;
using StreamScorer.Testing.State;

namespace StreamScorer.Simulation.Ports;

/// <summary>The state store's server: the in-memory store, and beside it a record of every accepted write, for the oracle.</summary>
internal sealed class StoreServer(Scenario scenario, Canary canary, Lineage lineage, Action<string>? trace)
{
    private readonly Dictionary<int, PartitionMeta?> metaAtLoad = [];
    private readonly Stack<PartitionCommit> free = new();

    /// <summary>The store itself.</summary>
    public InMemoryStateStore Inner { get; } = new(scenario.Seed);

    /// <summary>Meta as stored now.</summary>
    public PartitionMeta? Meta(int partition) => Inner.ReadMetaAsync(partition, default).Result;

    /// <summary>Customers as stored now.</summary>
    public List<StoredCustomer> Customers(int partition) =>
        Inner.ReadCustomersAsync(partition, default).ToBlockingEnumerable().ToList();

    /// <summary>Meta as it was at the last load, for a canary.</summary>
    public PartitionMeta? MetaAtLoad(int partition) => metaAtLoad.GetValueOrDefault(partition);

    /// <summary>The server's side of a partition.</summary>
    public async ValueTask<IPartitionStore> OpenPartitionAsync(int partition) =>
        CanaryServer.Around(await Inner.OpenPartitionAsync(partition, default), canary, Inner, partition);

    public bool Load(int partition, IPartitionStore right, ILoadTarget target)
    {
        metaAtLoad[partition] = Meta(partition);
        return right.LoadAsync(target, default).Result;
    }

    /// <summary>An empty commit to copy into; it comes back when it is executed.</summary>
    public PartitionCommit Rent() => free.TryPop(out PartitionCommit? commit) ? commit : new PartitionCommit();

    public ClaimResult Claim(Worker worker, int partition, IPartitionStore right, long nowUnixMs)
    {
        ClaimResult claim = right.ClaimAsync(nowUnixMs, default).Result;
        lineage.Claimed(partition, claim.Meta);
        trace?.Invoke($"{worker} claims {partition}: {claim.Meta.Fence}, offset {claim.Meta.Offset}");
        return claim;
    }

    public CommitOutcome Commit(Worker worker, int partition, IPartitionStore right, PartitionCommit commit)
    {
        PartitionMeta? before = Meta(partition);
        CommitOutcome outcome = right.CommitAsync(commit, default).Result;
        if (outcome == CommitOutcome.Applied)
            lineage.Committed(partition, before!.Value, commit, Meta(partition)!.Value);
        trace?.Invoke($"{worker} commits {partition}: {commit.Expected} -> offset {commit.Next.Offset}, {commit.Outbox.Count} entries up to {commit.Next.OutboxSeq}, "
            + $"trims {commit.TrimThroughSeq}: {outcome}");
        free.Push(commit);
        return outcome;
    }

    /// <summary>Whether every partition has its first offset.</summary>
    public bool IsStarted => lineage.FirstSafeWrite(scenario.Partitions) >= 0;

    /// <summary>Forgets the last writes; those before every partition had its first offset stay, as after a longer life.</summary>
    public void RollBack(int writes)
    {
        int target = Math.Max(lineage.FirstSafeWrite(scenario.Partitions), Inner.WriteCount - writes);
        if (!IsStarted || target >= Inner.WriteCount)
            return;
        trace?.Invoke($"store goes back by {Inner.WriteCount - target} writes");
        Inner.RollBackTo(target);
        lineage.RolledBackTo(target);
    }

    public void Flush()
    {
        trace?.Invoke("store is emptied");
        Inner.Flush();
        lineage.Flushed();
    }
}
