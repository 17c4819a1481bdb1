using StreamScorer.Engine.Commit;

namespace StreamScorer.Engine.Tests;

/// <summary>A partition whose records cannot be used pauses instead of emptying the input into the dead letters.</summary>
public sealed class DeadLetterRateTests
{
    private static readonly EngineOptions Options = new EngineRun().Options with
    {
        BatchSizeMax = 10,
        DeadLetterRateMax = 0.5,
        DeadLetterWindow = 20,
        DeadLetterPauseMs = 3_600_000,
    };

    [Fact]
    public async Task Too_many_unusable_records_pause_the_partition_until_somebody_resumes_it()
    {
        int paused = 0;
        var run = new EngineRun(1, Options) { OnPaused = ResumeAsync };
        for (int i = 0; i < 60; i++)
            run.Append("not json", "c1");
        for (int i = 0; i < 20; i++)
            run.Purchase("c1", $"e{i}", "2026-01-01T10:00:00Z", 1);
        await run.ToEndAsync();

        // 20 records fill the window; then each batch of 10 that is tried fails until the good ones come: 20, 30, 40, 50, 60.
        Assert.Equal(5, paused);
        Assert.Equal((80, 60, 20), ((await run.MetaAsync()).Counters.Consumed, (await run.MetaAsync()).Counters.DeadLettered, (await run.MetaAsync()).Counters.Applied));

        async void ResumeAsync(EngineRun pausedRun, long consumed)
        {
            paused++;
            Assert.Equal(10 + 10 * paused, consumed);
            AppRecord app = await pausedRun.Store.ReadOrCreateAppAsync("transactions", 1, 2, default);
            await pausedRun.Store.ReplaceAppAsync(app with { ResumedAtMs = long.MaxValue }, default);
        }
    }

    [Fact]
    public async Task After_the_pause_a_batch_is_tried_by_itself()
    {
        int paused = 0;
        var run = new EngineRun(1, Options with { DeadLetterPauseMs = 2_000 }) { OnPaused = (_, _) => paused++ };
        for (int i = 0; i < 40; i++)
            run.Append("not json", "c1");
        await run.ToEndAsync();
        Assert.Equal(3, paused);
    }

    [Fact]
    public async Task Some_unusable_records_pause_nothing()
    {
        int paused = 0;
        var run = new EngineRun(1, Options) { OnPaused = (_, _) => paused++ };
        for (int i = 0; i < 60; i++)
        {
            run.Purchase("c1", $"e{i}", "2026-01-01T10:00:00Z", 1);
            if (i % 2 == 0)
                run.Append("not json", "c1");
        }
        await run.ToEndAsync();
        Assert.Equal(0, paused);
    }
}
