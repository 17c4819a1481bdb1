using FsCheck;
using FsCheck.Fluent;
using StreamScorer.Engine.Commit;
using StreamScorer.Testing.State;
using Xunit;

namespace StreamScorer.Contracts;

/// <summary>Of several owners exactly one can write, and a reader sees whole commits.</summary>
public abstract partial class StateStoreContract
{
    /// <summary>What one of two competing owners does next.</summary>
    public enum CompetitionStep
    {
        /// <summary>The first claims.</summary>
        FirstClaims,

        /// <summary>The second claims.</summary>
        SecondClaims,

        /// <summary>The first commits.</summary>
        FirstCommits,

        /// <summary>The second commits.</summary>
        SecondCommits,

        /// <summary>Both commit at once.</summary>
        BothCommit,
    }

    /// <summary>Random schedules tried; a store behind a network may take fewer.</summary>
    protected virtual int CompetitionSchedules => 60;

    [Fact]
    public async Task A_former_owner_that_wakes_between_the_claim_and_the_load_of_its_successor_changes_nothing()
    {
        StoreOwner former = await ClaimedAsync(100);
        await AppliedAsync(former.CommitAsync(commit => commit.PutHot(Id("a"), Record(1))));
        StoreOwner successor = await ClaimedAsync(200);

        Assert.Equal(CommitOutcome.Fenced, await former.CommitAsync(commit => commit.PutHot(Id("a"), Record(66))));

        Assert.Equal(Record(1), (await successor.LoadAsync()).Hot[Id("a")]);
        await AppliedAsync(successor.CommitAsync(commit => commit.PutHot(Id("a"), Record(2))));
    }

    [Fact]
    public async Task Of_owners_that_commit_at_once_on_the_same_fence_exactly_one_is_applied()
    {
        PartitionMeta claimed = (await ClaimedAsync()).Meta;
        var twins = new List<StoreOwner>();
        for (int i = 0; i < 4; i++)
            twins.Add(await ResumedAsync(claimed));

        for (byte round = 1; round <= 20; round++)
        {
            PartitionMeta before = (await Store.ReadMetaAsync(0, CancellationToken.None))!.Value;
            twins.ForEach(twin => twin.Believe(before));
            CommitOutcome[] outcomes = await Task.WhenAll(twins.Select((twin, index) =>
                Task.Run(() => twin.CommitAsync(commit => commit.PutHot(Id("winner"), [round, (byte)index])))));

            int winner = Assert.Single(Enumerable.Range(0, 4), index => outcomes[index] == CommitOutcome.Applied);
            Assert.All(outcomes.Where((_, index) => index != winner), outcome => Assert.Equal(CommitOutcome.Stale, outcome));
            Assert.Equal([round, (byte)winner], (await twins[0].LoadAsync()).Hot[Id("winner")]);
        }
    }

    [Fact]
    public async Task Of_two_competing_owners_only_the_last_to_claim_writes_whatever_the_schedule()
    {
        StoreOwner first = await ClaimedAsync();
        StoreOwner second = await ClaimedAsync();
        Arbitrary<List<CompetitionStep>> schedules = Gen.Elements(Enum.GetValues<CompetitionStep>()).ListOf().ToArbitrary();
        // FsCheck calls the property synchronously; on the thread pool the store's continuations do not need the thread that waits for them.
        await Task.Run(() => Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(CompetitionSchedules),
            Prop.ForAll(schedules, schedule => Task.Run(() => PlayAsync(first, second, schedule)).GetAwaiter().GetResult())));
    }

    [Fact]
    public async Task A_reader_never_sees_two_commits_mixed()
    {
        const int Customers = 40;
        StoreOwner owner = await ClaimedAsync();
        await AppliedAsync(owner.CommitAsync(commit => Put(commit, version: 0)));

        await ReadAsync();
        Task writing = Task.Run(async () =>
        {
            for (byte version = 1; version <= 100; version++)
                await AppliedAsync(owner.CommitAsync(commit => Put(commit, version)));
        });
        while (!writing.IsCompleted)
            await ReadAsync();
        await writing;
        await ReadAsync();

        async Task ReadAsync()
        {
            StoredCustomer one = (await Store.ReadCustomerAsync(0, Id("customer 7"), CancellationToken.None))!;
            Assert.Equal(one.Hot, one.Cold);
            List<StoredCustomer> all = await Store.ReadCustomersAsync(0, CancellationToken.None).ToListAsync();
            Assert.All(all, customer => Assert.Equal(customer.Hot, customer.Cold));
        }

        static void Put(PartitionCommit commit, byte version)
        {
            for (int i = 0; i < Customers; i++)
            {
                commit.PutHot(Id($"customer {i}"), Record(version));
                commit.PutCold(Id($"customer {i}"), Record(version));
            }
        }
    }

    private async Task PlayAsync(StoreOwner first, StoreOwner second, List<CompetitionStep> schedule)
    {
        await first.ClaimAsync();
        StoreOwner? holder = first;
        byte[]? written = (await first.LoadAsync()).Hot.GetValueOrDefault(Id("last"));
        byte number = 0;
        foreach (CompetitionStep step in schedule)
        {
            number++;
            if (step is CompetitionStep.FirstClaims or CompetitionStep.SecondClaims)
            {
                holder = step == CompetitionStep.FirstClaims ? first : second;
                await holder.ClaimAsync();
                continue;
            }
            byte[] firstRecord = [number, 1];
            byte[] secondRecord = [number, 2];
            Task<CommitOutcome>? firstCommit = step == CompetitionStep.SecondCommits ? null : first.CommitAsync(commit => commit.PutHot(Id("last"), firstRecord));
            Task<CommitOutcome>? secondCommit = step == CompetitionStep.FirstCommits ? null : second.CommitAsync(commit => commit.PutHot(Id("last"), secondRecord));
            if (firstCommit is not null)
                Assert.Equal(holder == first ? CommitOutcome.Applied : CommitOutcome.Fenced, await firstCommit);
            if (secondCommit is not null)
                Assert.Equal(holder == second ? CommitOutcome.Applied : CommitOutcome.Fenced, await secondCommit);
            if (holder == first && firstCommit is not null)
                written = firstRecord;
            if (holder == second && secondCommit is not null)
                written = secondRecord;
        }
        Assert.Equal(written, (await holder.LoadAsync()).Hot.GetValueOrDefault(Id("last")));
        Assert.Equal(holder.Meta, await Store.ReadMetaAsync(0, CancellationToken.None));
    }
}
