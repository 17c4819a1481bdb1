using StreamScorer.Engine.Commit;
using StreamScorer.Testing.State;
using Xunit;

namespace StreamScorer.Contracts;

/// <summary>
/// What every state store must do. Each implementation inherits it; stores that are wrong on purpose must fail it.
/// Here: claims and the outcomes of commits. Further parts: what is loaded, what is read, who wins.
/// </summary>
public abstract partial class StateStoreContract : IAsyncLifetime
{
    private readonly List<StoreOwner> owners = [];

    /// <summary>The store under test, empty at the start of each test.</summary>
    protected IStateStore Store { get; private set; } = null!;

    /// <inheritdoc/>
    public async Task InitializeAsync() => Store = await OpenEmptyStoreAsync();

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        foreach (StoreOwner owner in owners)
            await owner.DisposeAsync();
        await Store.DisposeAsync();
        await CloseAsync();
    }

    /// <summary>A store without any content.</summary>
    protected abstract Task<IStateStore> OpenEmptyStoreAsync();

    /// <summary>Makes the store forget everything while it stays open.</summary>
    protected abstract Task ForgetEverythingAsync();

    /// <summary>Frees what <see cref="OpenEmptyStoreAsync"/> took, after the store is disposed.</summary>
    protected virtual Task CloseAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_partition_that_was_never_claimed_has_no_meta() =>
        Assert.Null(await Store.ReadMetaAsync(0, CancellationToken.None));

    [Fact]
    public async Task The_first_claim_creates_the_partition_with_an_empty_meta_and_a_random_incarnation()
    {
        PartitionMeta first = (await ClaimedAsync(nowUnixMs: 1_700_000_000_000)).Meta;
        PartitionMeta other = (await ClaimedAsync(nowUnixMs: 1_700_000_000_000, partition: 1)).Meta;

        Assert.Equal(PartitionMeta.Empty with { Fence = new Fence(1_700_000_000_000, 0), Incarnation = first.Incarnation }, first);
        Assert.NotEqual(0, first.Incarnation);
        Assert.NotEqual(first.Incarnation, other.Incarnation);
        Assert.Equal(first, await Store.ReadMetaAsync(0, CancellationToken.None));
    }

    [Theory]
    [InlineData(1_000, 2_000, 2_000)]
    [InlineData(1_000, 1_000, 1_001)]
    [InlineData(1_000, 5, 1_001)]
    public async Task A_claim_raises_the_epoch_to_the_clock_or_by_one_whatever_the_clock_says(long firstNow, long secondNow, long epoch)
    {
        await ClaimedAsync(firstNow);
        Assert.Equal(epoch, (await ClaimedAsync(secondNow)).Meta.Fence.Epoch);
    }

    [Fact]
    public async Task A_claim_returns_the_whole_meta_as_committed_and_keeps_the_sequence_of_writes()
    {
        var counters = new PartitionCounters(11, 12, 13, 14, 15, 16, 17);
        PartitionMeta Change(PartitionMeta meta) => meta with
        {
            Offset = long.MaxValue - 1,
            OutboxSeq = 3,
            PublishedSeq = 2,
            SinkPosition = 44,
            Layout = 5,
            PolicyVersion = 6,
            ClockMs = -7,
            RecentCount = 8,
            LastRecordHash = uint.MaxValue,
            LastRecordTimestampMs = 1_700_000_000_001,
            PublishFromOffset = 9,
            AssessedPolicyVersion = 4,
            IsLive = true,
            Counters = counters,
        };
        StoreOwner first = await ClaimedAsync(100);
        await AppliedAsync(first.CommitAsync(change: Change));

        PartitionMeta claimed = (await ClaimedAsync(200)).Meta;

        Assert.Equal(Change(first.Meta) with { Fence = new Fence(200, 1) }, claimed);
    }

    [Fact]
    public async Task An_accepted_commit_is_applied_and_moves_the_fence_by_one()
    {
        StoreOwner owner = await ClaimedAsync(100);

        await AppliedAsync(owner.CommitAsync(commit => commit.PutHot(Id("a"), Record(1)), meta => meta with { Offset = 10 }));
        await AppliedAsync(owner.CommitAsync(commit => commit.PutHot(Id("a"), Record(2)), meta => meta with { Offset = 20 }));

        PartitionMeta? stored = await Store.ReadMetaAsync(0, CancellationToken.None);
        Assert.Equal(new Fence(100, 2), stored!.Value.Fence);
        Assert.Equal(20, stored.Value.Offset);
        Assert.Equal(Record(2), (await owner.LoadAsync()).Hot[Id("a")]);
    }

    [Fact]
    public async Task An_empty_commit_is_applied_too() => await AppliedAsync((await ClaimedAsync()).CommitAsync());

    [Fact]
    public async Task A_commit_after_a_newer_claim_is_fenced()
    {
        StoreOwner former = await ClaimedAsync(100);
        await ClaimedAsync(200);
        await RefusedAsync(CommitOutcome.Fenced, former);
    }

    [Fact]
    public async Task A_commit_after_a_newer_claim_and_its_commits_is_fenced()
    {
        StoreOwner former = await ClaimedAsync(100);
        StoreOwner successor = await ClaimedAsync(200);
        await AppliedAsync(successor.CommitAsync());
        await RefusedAsync(CommitOutcome.Fenced, former);
    }

    [Fact]
    public async Task A_commit_whose_epoch_matches_but_not_its_sequence_is_stale()
    {
        StoreOwner owner = await ClaimedAsync(100);
        PartitionMeta before = owner.Meta;
        await AppliedAsync(owner.CommitAsync());
        StoreOwner sameEpoch = await ResumedAsync(before);
        await RefusedAsync(CommitOutcome.Stale, sameEpoch);
    }

    [Fact]
    public async Task A_commit_of_an_epoch_that_the_store_has_not_seen_is_stale()
    {
        StoreOwner owner = await ClaimedAsync(100);
        StoreOwner fromTheFuture = await ResumedAsync(owner.Meta with { Fence = new Fence(500, 0) });
        await RefusedAsync(CommitOutcome.Stale, fromTheFuture);
    }

    [Fact]
    public async Task A_commit_to_a_store_that_forgot_the_partition_finds_the_store_lost_and_creates_nothing()
    {
        StoreOwner owner = await ClaimedAsync();
        await AppliedAsync(owner.CommitAsync(commit => commit.PutHot(Id("a"), Record(1))));
        await ForgetEverythingAsync();

        Assert.Equal(CommitOutcome.StoreLost, await owner.CommitAsync(Everything));

        Assert.Null(await Store.ReadMetaAsync(0, CancellationToken.None));
        Assert.Empty(await Store.ReadCustomersAsync(0, CancellationToken.None).ToListAsync());
    }

    [Fact]
    public async Task After_the_store_forgot_the_partition_a_claim_begins_another_incarnation()
    {
        StoreOwner owner = await ClaimedAsync();
        long before = owner.Meta.Incarnation;
        await ForgetEverythingAsync();
        Assert.NotEqual(before, (await owner.ClaimAsync()).Incarnation);
    }

    [Fact]
    public async Task Partitions_do_not_touch_each_other()
    {
        StoreOwner zero = await ClaimedAsync(partition: 0);
        StoreOwner one = await ClaimedAsync(partition: 1);
        await AppliedAsync(zero.CommitAsync(Everything));
        await AppliedAsync(one.CommitAsync(commit => commit.RemoveCustomer(Id("everything"))));

        Assert.Single((await zero.LoadAsync()).Hot);
        LoadedPartition other = await one.LoadAsync();
        Assert.Empty(other.Hot);
        Assert.Empty(other.Cold);
        Assert.Empty(other.Outbox);
        Assert.Empty(other.Recent);
    }

    /// <summary>A commit that touches every kind of content.</summary>
    protected static void Everything(PartitionCommit commit)
    {
        commit.PutHot(Id("everything"), Record(1));
        commit.PutCold(Id("everything"), Record(2));
        commit.Append(new Engine.Publish.OutboxEntry(1, Engine.Publish.OutboxKind.Transition, "id", null, null, []));
        commit.Remember(99);
        commit.PutPopulation([1, 2, 3]);
    }

    /// <summary>A customer id.</summary>
    protected static byte[] Id(string name) => StoreOwner.Bytes(name);

    /// <summary>A record of a realistic length.</summary>
    protected static byte[] Record(byte content) => [content, .. new byte[200]];

    /// <summary>An owner that has just claimed; closed at the end of the test.</summary>
    protected async Task<StoreOwner> ClaimedAsync(long nowUnixMs = 1, int partition = 0)
    {
        StoreOwner owner = await OpenedAsync(partition);
        await owner.ClaimAsync(nowUnixMs);
        return owner;
    }

    /// <summary>An owner that has not claimed yet; closed at the end of the test.</summary>
    protected async Task<StoreOwner> OpenedAsync(int partition = 0)
    {
        StoreOwner owner = await StoreOwner.OpenAsync(Store, partition);
        owners.Add(owner);
        return owner;
    }

    /// <summary>An owner that has loaded, and believes <paramref name="meta"/> without having claimed.</summary>
    protected async Task<StoreOwner> ResumedAsync(PartitionMeta meta)
    {
        StoreOwner owner = await OpenedAsync();
        await owner.LoadAsync();
        owner.Believe(meta);
        return owner;
    }

    /// <summary>The commit is applied.</summary>
    protected static async Task AppliedAsync(Task<CommitOutcome> commit) => Assert.Equal(CommitOutcome.Applied, await commit);

    /// <summary>The commit ends so, and nothing of it can be seen.</summary>
    protected async Task RefusedAsync(CommitOutcome outcome, StoreOwner owner)
    {
        PartitionMeta? metaBefore = await Store.ReadMetaAsync(0, CancellationToken.None);
        string before = Describe(await owner.LoadAsync());

        Assert.Equal(outcome, await owner.CommitAsync(Everything));

        Assert.Equal(metaBefore, await Store.ReadMetaAsync(0, CancellationToken.None));
        Assert.Equal(before, Describe(await owner.LoadAsync()));
        Assert.Equal([null], await Store.ReadPopulationsAsync(1, CancellationToken.None));
    }

    /// <summary>Everything loaded, as text to compare.</summary>
    protected static string Describe(LoadedPartition loaded) => string.Join(
        '\n',
        loaded.Hot.Select(hot => $"hot {Convert.ToHexString(hot.Key)} {Convert.ToHexString(hot.Value)}")
            .Concat(loaded.Cold.Select(cold => $"cold {Convert.ToHexString(cold.Key)} {Convert.ToHexString(cold.Value)}"))
            .Concat(loaded.Outbox.Select(entry => $"outbox {entry.Key} {Convert.ToHexString(entry.Value)}"))
            .Append($"ring {Convert.ToHexString(loaded.Recent)}"));
}
