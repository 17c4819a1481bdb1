using StreamScorer.Engine.Commit;
using StreamScorer.Scoring.State;

namespace StreamScorer.Engine.Tests;

/// <summary>Records are brought to one form when they are loaded, and written in the layout that the store has agreed on.</summary>
public sealed class LayoutTests
{
    [Fact]
    public async Task A_raised_layout_is_written_and_what_is_written_is_read_by_workers_of_either_layout()
    {
        EngineRun expected = await ManyAsync(new EngineRun(), 1, 20);
        await ManyAsync(expected.Again(), 21, 60);
        await ManyAsync(expected.Again(), 61, 80);

        EngineRun first = await ManyAsync(new EngineRun(), 1, 20);
        Assert.DoesNotContain(RecordLayout.Next, await LayoutsAsync(first));
        await AgreeAsync(first, RecordLayout.Next);
        EngineRun raised = await ManyAsync(first.Again(), 21, 60);
        Assert.Contains(RecordLayout.Next, await LayoutsAsync(raised));
        Assert.Equal(RecordLayout.Next, (await raised.MetaAsync()).Layout);

        // A worker that was started before the layout was raised takes over again.
        await AgreeAsync(raised, RecordLayout.Own);
        EngineRun last = await ManyAsync(raised.Again(), 61, 80);
        Assert.Contains(RecordLayout.Own, await LayoutsAsync(last));
        Assert.Equal(RecordLayout.Next, (await last.MetaAsync()).Layout);
        for (int customer = 0; customer < 30; customer++)
        {
            CustomerState wanted = await expected.CustomerAsync($"c{customer}"), found = await last.CustomerAsync($"c{customer}");
            Assert.Equal(CustomerState.AsBytes(in wanted).ToArray(), CustomerState.AsBytes(in found).ToArray());
        }
        Assert.Equal(expected.Transitions().Select(t => t.GetRawText()), last.Transitions().Select(t => t.GetRawText()));
    }

    [Fact]
    public async Task A_partition_of_a_newer_layout_is_refused_with_both_layouts()
    {
        EngineRun run = await ManyAsync(new EngineRun(), 1, 3);
        await WriteAsync(run, meta => meta with { Layout = 9 }, _ => { });

        var refusal = await Assert.ThrowsAsync<StateStoreException>(() => run.Again().ToEndAsync());
        Assert.Contains("its state has layout 9, this version reads up to 3: a newer version wrote it", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_record_of_a_newer_layout_is_refused_with_both_layouts()
    {
        EngineRun run = await ManyAsync(new EngineRun(), 1, 3);
        await WriteAsync(run, meta => meta, commit => commit.PutHot("c9"u8, [9, 0]));

        var refusal = await Assert.ThrowsAsync<StateStoreException>(() => run.Again().ToEndAsync());
        Assert.Contains("a customer record has layout 9 and 2 bytes; this version reads layouts 2 to 3. Run the version that wrote it", refusal.Message, StringComparison.Ordinal);
    }

    private static Task<EngineRun> ManyAsync(EngineRun run, int from, int through)
    {
        for (int i = from; i <= through; i++)
            run.Purchase($"c{i % 30}", $"e{i}", $"2025-{1 + i / 10:00}-{1 + i % 28:00}T10:00:00Z", 40 + i);
        return run.ToEndAsync();
    }

    private static async Task AgreeAsync(EngineRun run, int layout)
    {
        AppRecord app = await run.Store.ReadOrCreateAppAsync("transactions", 1, RecordLayout.Own, default);
        Assert.True(await run.Store.ReplaceAppAsync(app with { Layout = layout }, default));
    }

    private static async Task WriteAsync(EngineRun run, Func<PartitionMeta, PartitionMeta> change, Action<PartitionCommit> fill)
    {
        await using IPartitionStore store = await run.Store.OpenPartitionAsync(0, default);
        PartitionMeta claimed = (await store.ClaimAsync(0, default)).Meta;
        var commit = new PartitionCommit();
        fill(commit);
        commit.Seal(claimed.Fence, change(claimed), 0);
        Assert.Equal(CommitOutcome.Applied, await store.CommitAsync(commit, default));
    }

    private static async Task<int[]> LayoutsAsync(EngineRun run)
    {
        var layouts = new SortedSet<int>();
        await foreach (StoredCustomer customer in run.Store.ReadCustomersAsync(0, default))
            layouts.Add(customer.Hot[0]);
        return [.. layouts];
    }
}
