using System.Text;
using System.Text.Json;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Publish;

namespace StreamScorer.Engine.Tests;

public sealed class ErasureTests
{
    private const string Erase = """{"customerId":"c1","time":"2026-02-01T00:00:00Z","type":"erase"}""";

    [Fact]
    public async Task An_erased_customer_is_gone_and_consumers_are_told()
    {
        var run = new EngineRun();
        run.Purchase("c1", "e1", "2026-01-01T10:00:00Z", 10);
        run.Append(Erase, "c1");
        await run.ToEndAsync();

        Assert.Null(await run.Store.ReadCustomerAsync(0, "c1"u8.ToArray(), default));
        PublishedRecord[] last = [.. run.Log.Transitions(0).TakeLast(2)];
        JsonElement told = JsonDocument.Parse(last[0].Value!).RootElement;
        Assert.Equal(OutboxFormatter.ErasedType, told.GetProperty("type").GetString());
        Assert.Equal("""{"customerId":"c1","erasedAt":"2026-02-01T00:00:00.000Z"}""", told.GetProperty("data").GetRawText());
        Assert.Equal(("c1", null), (Encoding.UTF8.GetString(last[1].Key!), last[1].Value));
    }

    [Fact]
    public async Task Nothing_up_to_the_erasure_brings_the_customer_back_and_what_is_later_begins_anew()
    {
        var run = new EngineRun();
        run.Purchase("c1", "e1", "2026-01-01T10:00:00Z", 10);
        run.Append(Erase, "c1");
        run.Append(Erase, "c1");
        run.Purchase("c1", "e1", "2026-01-01T10:00:00Z", 10);
        run.Purchase("c1", "late", "2026-02-01T00:00:00Z", 10);
        run.Purchase("c2", "e1", "2026-01-01T10:00:00Z", 10);
        run.Purchase("c1", "later", "2026-02-01T00:00:00.001Z", 20);
        await run.ToEndAsync();

        PartitionCounters counters = (await run.MetaAsync()).Counters;
        Assert.Equal((7, 3, 0, 4), (counters.Consumed, counters.Applied, counters.Duplicate, counters.Erased));
        Assert.Equal(200_000, (await run.CustomerAsync("c1")).Revenue);
        Assert.Equal(1, run.Log.Transitions(0).Count(record => record.Value is null));
    }

    [Fact]
    public async Task An_ignored_event_does_not_move_the_clock_by_the_sweeps_before_it()
    {
        var run = new EngineRun();
        run.Purchase("c1", "e1", "2026-01-01T10:00:00Z", 10);
        run.Append(Erase, "c1");
        run.Purchase("c1", "late", "2026-01-20T10:00:00Z", 10);
        await run.ToEndAsync();

        PartitionMeta meta = await run.MetaAsync();
        Assert.Equal(DateTimeOffset.Parse("2026-01-01T10:00:00Z").ToUnixTimeMilliseconds(), meta.ClockMs);
        Assert.Equal((3, 1, 2), (meta.Counters.Consumed, meta.Counters.Applied, meta.Counters.Erased));
    }

    [Fact]
    public async Task A_tombstone_of_the_input_erases_too()
    {
        var run = new EngineRun();
        run.Purchase("c1", "e1", "2026-01-01T10:00:00Z", 10);
        run.Log.Append(0, "c1"u8.ToArray(), null, DateTimeOffset.Parse("2026-02-01T00:00:00Z").ToUnixTimeMilliseconds());
        run.Purchase("c1", "late", "2026-01-02T10:00:00Z", 10);
        await run.ToEndAsync();

        Assert.Null(await run.Store.ReadCustomerAsync(0, "c1"u8.ToArray(), default));
        Assert.Equal(2, (await run.MetaAsync()).Counters.Erased);
    }

    [Fact]
    public async Task An_erased_customer_stays_erased_over_a_restart_and_a_rebuild()
    {
        var run = new EngineRun();
        run.Purchase("c1", "e1", "2026-01-01T10:00:00Z", 10);
        run.Purchase("c2", "e1", "2026-01-01T10:00:00Z", 10);
        run.Append(Erase, "c1");
        await run.ToEndAsync();
        int published = run.Log.Transitions(0).Count;

        EngineRun restarted = run.Again();
        restarted.Purchase("c1", "copy", "2026-01-01T10:00:00Z", 10);
        await restarted.ToEndAsync();
        Assert.Null(await run.Store.ReadCustomerAsync(0, "c1"u8.ToArray(), default));

        EngineRun rebuilt = restarted.Again(restarted.Options with { Rebuild = true });
        for (int i = 1; i <= 3; i++)
            rebuilt.Purchase("c3", $"e{i}", $"2026-03-0{i}T10:00:00Z", i);
        await rebuilt.ToEndAsync();
        Assert.Null(await run.Store.ReadCustomerAsync(0, "c1"u8.ToArray(), default));
        Assert.NotNull(await run.Store.ReadCustomerAsync(0, "c2"u8.ToArray(), default));
        Assert.Equal(["c3"], run.Log.Transitions(0).Skip(published).Select(record => Encoding.UTF8.GetString(record.Key!)).Distinct());
    }

    [Fact]
    public async Task A_marker_ends_by_the_partitions_clock_after_its_time_to_live()
    {
        var run = new EngineRun();
        run = run.Again(run.Options with { ErasureMarkerTtlMs = 86_400_000 });
        run.Append(Erase, "c1");
        run.Purchase("c2", "e1", "2026-02-02T00:00:00Z", 10);
        run.Purchase("c1", "within", "2026-01-01T10:00:00Z", 10);
        run.Purchase("c2", "e2", "2026-02-02T00:00:00.001Z", 10);
        await run.ToEndAsync();
        Assert.Null(await run.Store.ReadCustomerAsync(0, "c1"u8.ToArray(), default));

        EngineRun after = run.Again();
        after.Purchase("c1", "after", "2026-01-01T10:00:00Z", 10);
        await after.ToEndAsync();
        Assert.NotNull(await run.Store.ReadCustomerAsync(0, "c1"u8.ToArray(), default));
    }
}
