using System.Text;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Publish;
using StreamScorer.Engine.Source;
using StreamScorer.Testing.Log;
using StreamScorer.Testing.State;

namespace StreamScorer.Engine.Tests;

/// <summary>A state that does not belong to the input is refused with the fix, and the explicit ways past work.</summary>
public sealed class StartCheckTests
{
    [Fact]
    public async Task A_worker_that_was_overtaken_between_its_claim_and_its_look_at_the_input_takes_over_again()
    {
        EngineRun? run = null;
        int loads = 0;
        run = new EngineRun
        {
            Failures = [],
            Reached = step =>
            {
                if (step != EngineStep.Loaded || ++loads > 1)
                    return;
                StoreOwner other = StoreOwner.OpenAsync(run!.Store).GetAwaiter().GetResult();
                other.ClaimAsync().GetAwaiter().GetResult();
                other.CommitAsync(change: meta => meta with { Offset = 1 }).GetAwaiter().GetResult();
                run.Log.Connect().ReportProgress(0, 1);
            },
        };
        run.Purchase("c1", "e1", "2026-01-01T10:00:00Z", 10);
        run.Purchase("c1", "e2", "2026-01-02T10:00:00Z", 10);
        await run.ToEndAsync();

        Assert.Equal(["another worker has taken it over meanwhile"], run.Failures);
        Assert.Equal(1, (await run.MetaAsync()).Counters.Applied);
    }

    [Fact]
    public async Task A_state_of_another_topic_is_refused() =>
        Assert.Contains("is that of topic 'other'", await RefusedAsync<StateStoreException>(
            run => run.Store.ReadOrCreateAppAsync("other", 1, 2, default).AsTask()), StringComparison.Ordinal);

    [Fact]
    public async Task A_state_of_another_number_of_partitions_is_refused() =>
        Assert.Contains("has 1 partitions, but the state was begun with 4", await RefusedAsync<StateStoreException>(
            run => run.Store.ReadOrCreateAppAsync("transactions", 4, 2, default).AsTask()), StringComparison.Ordinal);

    [Fact]
    public async Task A_state_of_a_newer_layout_is_refused() =>
        Assert.Contains("has record layout 9, this version reads layouts 2 to 3", await RefusedAsync<StateStoreException>(
            run => run.Store.ReadOrCreateAppAsync("transactions", 1, 9, default).AsTask()), StringComparison.Ordinal);

    [Fact]
    public async Task Records_deleted_before_they_were_processed_are_refused_until_the_gap_is_accepted()
    {
        EngineRun run = await ThreeAsync();
        run.Purchase("c1", "e4", "2026-01-04T10:00:00Z", 4);
        run.Purchase("c1", "e5", "2026-01-05T10:00:00Z", 5);
        run.Log.TrimBelow(0, 4);

        var refusal = await Assert.ThrowsAsync<EventSourceException>(() => run.Again().ToEndAsync());
        Assert.Contains("begins at 4: 1 records were deleted", refusal.Message, StringComparison.Ordinal);
        EngineRun accepted = await run.Again(run.Options with { AcceptGap = true }).ToEndAsync();
        Assert.Equal(60_000 + 50_000, (await accepted.CustomerAsync("c1")).Revenue);
    }

    [Fact]
    public async Task An_input_that_ends_before_the_stored_offset_is_refused_until_the_gap_is_accepted()
    {
        EngineRun run = await ThreeAsync();
        run.Log.Recreate(0);
        run.Purchase("c1", "e4", "2026-01-04T10:00:00Z", 4);

        var refusal = await Assert.ThrowsAsync<EventSourceException>(() => run.Again().ToEndAsync());
        Assert.Contains("the next record is 3, but the input ends at 1", refusal.Message, StringComparison.Ordinal);
        EngineRun accepted = await run.Again(run.Options with { AcceptGap = true }).ToEndAsync();
        Assert.Equal(60_000, (await accepted.CustomerAsync("c1")).Revenue);
    }

    [Fact]
    public async Task A_recreated_input_that_has_grown_again_is_refused()
    {
        EngineRun run = await ThreeAsync();
        run.Log.Recreate(0, [.. Enumerable.Range(0, 5).Select(i => new InMemoryRecord("c9"u8.ToArray(), BitConverter.GetBytes(i), 1, []))]);

        var refusal = await Assert.ThrowsAsync<EventSourceException>(() => run.Again().ToEndAsync());
        Assert.Contains("record 2 is not the one that was processed", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_has_lost_its_state_is_refused_and_rebuilt_when_asked_publishing_nothing_twice()
    {
        EngineRun run = await ThreeAsync();
        int published = run.Log.Transitions(0).Count;
        run.Store.Flush();
        var refusal = await Assert.ThrowsAsync<StateStoreException>(() => run.Again().ToEndAsync());
        Assert.Contains("the store has no state, although the input was processed up to offset 3", refusal.Message, StringComparison.Ordinal);

        run.Store.Flush();
        EngineRun rebuilt = run.Again(run.Options with { Rebuild = true });
        for (int i = 1; i <= 3; i++)
            rebuilt.Purchase("c2", $"e{i}", $"2026-01-1{i}T10:00:00Z", i);
        await rebuilt.ToEndAsync();
        Assert.Equal(60_000, (await rebuilt.CustomerAsync("c1")).Revenue);
        Assert.NotEqual(0, published);
        Assert.Equal(["c2"], rebuilt.Log.Transitions(0).Skip(published).Select(record => Encoding.UTF8.GetString(record.Key!)).Distinct());
    }

    [Fact]
    public async Task A_rebuild_of_other_partitions_takes_the_state_over_to_them()
    {
        var run = new EngineRun();
        await run.Store.ReadOrCreateAppAsync("transactions", 4, 2, default);
        run.Purchase("c1", "e1", "2026-01-01T10:00:00Z", 1);
        await run.Again(run.Options with { Rebuild = true }).ToEndAsync();

        Assert.Equal(10_000, (await run.CustomerAsync("c1")).Revenue);
        Assert.Empty(run.Log.Transitions(0));
        await run.Again().ToEndAsync();
    }

    [Theory]
    [InlineData(PartitionerKind.Murmur2)]
    [InlineData(PartitionerKind.Crc32)]
    public async Task The_producers_rule_is_learned_stored_and_then_enforced(PartitionerKind rule)
    {
        var run = new EngineRun(partitions: 2) { UntilLearned = true };
        var placement = new KeyPlacement(2);
        for (int i = 0; i < KeyPlacement.RecordsToLearn; i++)
            run.Purchase($"c{i}", "e1", "2026-01-01T10:00:00Z", 1, placement.PartitionOf(Encoding.UTF8.GetBytes($"c{i}"), rule));
        await run.ToEndAsync();
        Assert.Equal(rule, (await run.Store.ReadOrCreateAppAsync("transactions", 2, 2, default)).Partitioner);

        EngineRun next = run.Again();
        int wrong = 1 - placement.PartitionOf("stray"u8, rule);
        next.Purchase("stray", "e1", "2026-01-01T10:00:00Z", 1, wrong);
        await next.ToEndAsync();
        PublishedRecord letter = Assert.Single(run.Log.DeadLetters(wrong));
        Assert.Equal("wrong_partition", Encoding.UTF8.GetString(letter.Headers.Single(header => header.Key == "reason").Value!));
    }

    private static async Task<EngineRun> ThreeAsync()
    {
        var run = new EngineRun();
        for (int i = 1; i <= 3; i++)
            run.Purchase("c1", $"e{i}", $"2026-01-0{i}T10:00:00Z", i);
        return await run.ToEndAsync();
    }

    private static async Task<string> RefusedAsync<TException>(Func<EngineRun, Task> damage)
        where TException : PortException
    {
        var run = new EngineRun();
        await damage(run);
        TException refusal = await Assert.ThrowsAsync<TException>(() => run.ToEndAsync());
        Assert.False(refusal.IsTransient);
        return refusal.Message;
    }
}
