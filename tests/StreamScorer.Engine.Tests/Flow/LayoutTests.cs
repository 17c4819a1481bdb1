using StreamScorer.Engine.Commit;

namespace StreamScorer.Engine.Tests;

/// <summary>State that a newer version wrote is refused, never misread.</summary>
public sealed class LayoutTests
{
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

    private static async Task WriteAsync(EngineRun run, Func<PartitionMeta, PartitionMeta> change, Action<PartitionCommit> fill)
    {
        await using IPartitionStore store = await run.Store.OpenPartitionAsync(0, default);
        PartitionMeta claimed = (await store.ClaimAsync(0, default)).Meta;
        var commit = new PartitionCommit();
        fill(commit);
        commit.Seal(claimed.Fence, change(claimed), 0);
        Assert.Equal(CommitOutcome.Applied, await store.CommitAsync(commit, default));
    }
}
