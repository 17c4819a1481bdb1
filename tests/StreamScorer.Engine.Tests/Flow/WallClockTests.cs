using System.Text.Json;
using StreamScorer.Engine.Commit;
using StreamScorer.Scoring.Policy;

namespace StreamScorer.Engine.Tests;

/// <summary>Whether the wall clock moves a partition's clock: once its events have come near to now, and from then on.</summary>
public sealed class WallClockTests
{
    private static readonly EngineOptions wall = new()
    {
        Clock = ClockMode.Wall,
        RecalibrationIntervalMs = BusinessCalendar.DayMs,
        RecalibrationStrideMaxMs = 30 * BusinessCalendar.DayMs,
        PublishSchemes = ["churn", "lifecycle"],
    };

    [Fact]
    public async Task A_live_partition_taken_over_after_a_long_silence_lets_the_silent_fall_without_another_event()
    {
        EngineRun before = await PurchasesUntil("2026-10-31T23:50:00Z").ToEndAsync();
        Assert.True((await before.MetaAsync()).IsLive);
        Assert.Empty(BySilence(before));

        EngineRun after = await before.Again(startMs: EngineRun.NowUnixMs + 200 * BusinessCalendar.DayMs, until: run => BySilence(run).Any()).ToEndAsync();

        PartitionMeta meta = await after.MetaAsync();
        Assert.True(meta.ClockMs >= EngineRun.NowUnixMs + 199 * BusinessCalendar.DayMs, $"clock {meta.ClockMs}");
    }

    [Fact]
    public async Task A_partition_whose_events_end_in_the_past_is_not_moved_by_the_wall_clock()
    {
        EngineRun import = await PurchasesUntil("2025-10-31T23:50:00Z").ToEndAsync();
        EngineRun restarted = import.Again();
        restarted.Purchase("c1", "next", "2025-11-01T00:00:00Z", 10);
        await restarted.ToEndAsync();

        PartitionMeta meta = await restarted.MetaAsync();
        Assert.Equal((DateTimeOffset.Parse("2025-11-01T00:00:00Z").ToUnixTimeMilliseconds(), false), (meta.ClockMs, meta.IsLive));
        Assert.Empty(BySilence(restarted));
    }

    [Fact]
    public async Task A_late_event_whose_deadline_the_wall_clock_has_passed_does_not_turn_the_clock_back()
    {
        EngineRun before = await PurchasesUntil("2026-10-31T23:50:00Z").ToEndAsync();
        long storedMs = (await before.MetaAsync()).ClockMs;
        EngineRun? run = null;
        int ticks = 0;
        // Ticks are seconds: by the third the idle partition has followed the wall clock for an hour, with nothing to commit.
        run = new EngineRun(options: wall)
        {
            Log = before.Log,
            Store = before.Store,
            StartMs = storedMs + 3_600_000,
            OnTick = () =>
            {
                if (++ticks == 3)
                    run!.Purchase("c2", "late", DateTimeOffset.FromUnixTimeMilliseconds(storedMs + 1_800_000).AddDays(-8).ToString("yyyy-MM-ddTHH:mm:ssZ"), 10);
            },
            Until = _ => ticks >= 3,
        };
        await run.ToEndAsync();

        PartitionMeta meta = await run.MetaAsync();
        Assert.Equal(22, meta.Counters.Applied);
        Assert.True(meta.ClockMs > storedMs + 1_800_000, $"clock {meta.ClockMs}, stored before {storedMs}");
    }

    [Fact]
    public async Task The_clock_is_where_the_events_are_before_1970_too()
    {
        var run = new EngineRun();
        run.Purchase("c1", "e1", "1955-01-01T00:00:00Z", 10);
        run.Clock("1965-01-01T00:00:00Z");
        await run.ToEndAsync();

        Assert.Equal(DateTimeOffset.Parse("1965-01-01T00:00:00Z").ToUnixTimeMilliseconds(), (await run.MetaAsync()).ClockMs);
    }

    private static EngineRun PurchasesUntil(string last)
    {
        var run = new EngineRun(options: wall);
        DateTimeOffset time = DateTimeOffset.Parse(last);
        for (int i = 20; i >= 0; i--)
            run.Purchase("c1", $"e{i}", time.AddDays(-i).ToString("yyyy-MM-ddTHH:mm:ssZ"), 10);
        return run;
    }

    private static IEnumerable<JsonElement> BySilence(EngineRun run) => run.Transitions().Where(transition => transition.GetProperty("cause").GetString() == "silence");
}
