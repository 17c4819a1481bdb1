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
