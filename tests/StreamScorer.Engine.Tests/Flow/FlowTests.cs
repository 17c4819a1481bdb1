using System.Text.Json;
using StreamScorer.Engine.Commit;
using StreamScorer.Scoring.State;

namespace StreamScorer.Engine.Tests;

public sealed class FlowTests
{
    [Fact]
    public async Task A_purchase_becomes_state_and_first_tiers()
    {
        var run = new EngineRun();
        run.Purchase("c1", "e1", "2026-01-01T10:00:00Z", 120.50m);
        await run.ToEndAsync();

        CustomerState state = await run.CustomerAsync("c1");
        Assert.Equal(1_205_000, state.Revenue);
        Assert.Equal(1, state.PurchaseDays);
        Assert.Equal(3, state.HeldTiers[(int)Scoring.Tiers.SchemeId.Lifecycle]);
        Assert.Equal(new PartitionCounters(1, 1, 0, 0, 0, 0, 0), (await run.MetaAsync()).Counters);
    }

    [Fact]
    public async Task A_repeated_event_id_changes_nothing()
    {
        var run = new EngineRun();
        run.Purchase("c1", "e1", "2026-01-01T10:00:00Z", 10);
        run.Purchase("c1", "e1", "2026-01-01T10:00:00Z", 10);
        run.Purchase("c2", "e1", "2026-01-01T10:00:00Z", 10);
        await run.ToEndAsync();

        PartitionMeta meta = await run.MetaAsync();
        Assert.Equal((3, 2, 1), (meta.Counters.Consumed, meta.Counters.Applied, meta.Counters.Duplicate));
        Assert.Equal(100_000, (await run.CustomerAsync("c1")).Revenue);
    }

    [Fact]
    public async Task A_silent_customer_falls_at_the_instant_of_the_crossing()
    {
        var run = new EngineRun();
        run.Purchase("c1", "e1", "2024-01-01T10:00:00Z", 100);
        run.Clock("2026-06-01T00:00:00Z");
        await run.ToEndAsync();

        JsonElement[] drops = [.. run.Transitions("lifecycle").Where(t => t.GetProperty("cause").GetString() == "silence")];
        Assert.Equal(["acquisition-decline", "decline-exited"],
            drops.Select(d => d.GetProperty("from").GetString() + "-" + d.GetProperty("to").GetString()));
        // With the published parameters P(alive) of a one-time buyer is 1/2 after 12.9894 weeks and 0.3 after 90.1079; those are the default bounds.
        double[] weeks = [.. drops.Select(d => (d.GetProperty("effectiveTime").GetDateTimeOffset() - DateTimeOffset.Parse("2024-01-01T00:00:00Z")).TotalDays / 7)];
        Assert.Equal(12.9894, weeks[0], 4);
        Assert.Equal(90.1079, weeks[1], 4);
    }

    [Fact]
    public async Task A_bad_record_goes_to_the_dead_letters_and_the_rest_goes_on()
    {
        var run = new EngineRun();
        run.Append("{not json", "c1");
        run.Append("""{"customerId":"c1","id":"e1","time":"2026-01-01T10:00:00Z","type":"purchase"}""", "c1");
        run.Append("""{"customerId":"c1","id":"e1","time":"2031-01-01T10:00:00Z","type":"purchase","amount":1}""", "c1");
        run.Purchase("c1", "e2", "2026-01-01T10:00:00Z", 5);
        await run.ToEndAsync();

        string[] reasons = [.. run.Log.DeadLetters(0).Select(d => System.Text.Encoding.UTF8.GetString(d.Headers.Single(h => h.Key == "reason").Value!))];
        Assert.Equal(["malformed_json", "missing_field", "future_timestamp"], reasons);
        Assert.Equal("{not json"u8.ToArray(), run.Log.DeadLetters(0)[0].Value);
        Assert.Equal(50_000, (await run.CustomerAsync("c1")).Revenue);
    }

    [Fact]
    public async Task A_pending_drop_is_published_with_its_date_what_averts_it_and_the_strategy()
    {
        var run = new EngineRun();
        run.Purchase("c1", "e1", "2024-01-01T10:00:00Z", 300);
        run.Clock("2026-06-01T00:00:00Z");
        await run.ToEndAsync();

        JsonElement[] absolute = [.. run.Transitions("absolute")];
        Assert.Equal(["drop-pending", "down"], absolute.Take(2).Select(t => t.GetProperty("direction").GetString()));
        JsonElement pending = absolute[0];
        Assert.Equal(absolute[1].GetProperty("effectiveTime").GetString(), pending.GetProperty("dropTime").GetString());
        Assert.Equal("""{"signal":"customerValue","atLeast":250}""", pending.GetProperty("avertedBy").GetRawText());
        Assert.Equal("absolute.gold", pending.GetProperty("strategy").GetString());
        Assert.Equal("absolute.silver", absolute[1].GetProperty("strategy").GetString());
        Assert.Equal("decline", absolute[1].GetProperty("stage").GetString());
        Assert.Equal(["declining"], absolute[1].GetProperty("flags").EnumerateArray().Select(flag => flag.GetString()));
    }

    [Fact]
    public async Task Silence_that_was_due_before_an_erasure_is_published_also_when_both_are_in_one_batch()
    {
        var run = new EngineRun();
        run.Purchase("c1", "e1", "2024-01-01T10:00:00Z", 100);
        run.Purchase("c2", "e2", "2026-01-01T10:00:00Z", 100);
        run.Append("""{"customerId":"c1","id":"x1","time":"2026-01-02T10:00:00Z","type":"erase"}""", "c1");
        await run.ToEndAsync();

        Assert.Equal(["acquisition-decline", "decline-exited"],
            run.Transitions("lifecycle").Where(t => t.GetProperty("customerId").GetString() == "c1" && t.GetProperty("cause").GetString() == "silence")
                .Select(t => t.GetProperty("from").GetString() + "-" + t.GetProperty("to").GetString()));
    }
}
