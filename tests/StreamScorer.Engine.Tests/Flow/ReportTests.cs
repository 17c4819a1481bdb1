using System.Text;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Decode;
using StreamScorer.Engine.Processing;
using StreamScorer.Engine.Publish;
using StreamScorer.Engine.Source;
using StreamScorer.Scoring.Models;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.State;
using StreamScorer.Scoring.Tiers;

namespace StreamScorer.Engine.Tests;

/// <summary>What the engine tells its observer about a commit.</summary>
public sealed class ReportTests
{
    private const string TraceParentText = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    [Fact]
    public async Task The_census_is_what_counting_all_customers_gives()
    {
        int[] census = [];
        int customers = 0;
        var run = new EngineRun { OnReport = report => (census, customers) = (report.Tiers.Counts.ToArray(), report.Customers) };
        for (int i = 0; i < 300; i++)
            run.Purchase($"c{i % 70}", $"e{i}", $"2024-0{1 + i / 60}-{1 + i % 28:00}T10:00:00Z", 5 + i * i % 900);
        run.Append("""{"customerId":"c7","id":"x1","time":"2024-06-01T10:00:00Z","type":"erase"}""", "c7");
        run.Clock("2024-11-01T00:00:00Z");
        await run.ToEndAsync();

        var counted = new TierCensus(EngineRun.Rules);
        await foreach (StoredCustomer stored in run.Store.ReadCustomersAsync(0, default))
        {
            Assert.True(CustomerState.TryRead(stored.Hot, out CustomerState hot));
            ColdState cold = stored.Cold.Length == 0 ? ColdState.None : ReadCold(stored.Cold);
            counted.Enter(in hot, in cold);
        }
        Assert.Equal(69, customers);
        Assert.Equal(counted.Counts.ToArray(), census);
        Assert.All(Enumerable.Range(0, EngineRun.Rules.Schemes.Count), scheme => Assert.Equal(69, Of(scheme, census).Sum()));
        Assert.True(Of((int)SchemeId.Lifecycle, census).Count(n => n > 0) > 1, "the silent fell");
    }

    [Fact]
    public async Task Rejections_transitions_and_timers_are_tallied_as_they_were_committed()
    {
        var rejections = new int[RejectionReasons.Count];
        int transitions = 0, silent = 0, fired = 0;
        PartitionCounters counted = default, last = default;
        var run = new EngineRun
        {
            OnReport = report =>
            {
                for (int i = 0; i < rejections.Length; i++)
                    rejections[i] += report.Batch.Rejections[i];
                transitions += report.Batch.Transitions.Length;
                foreach (TransitionKind kind in report.Batch.Transitions)
                    silent += kind.Cause == TransitionCause.Silence ? 1 : 0;
                fired += report.Batch.TimersFired;
                last = report.Meta.Counters;
                counted = counted with { Consumed = counted.Consumed + report.Meta.Counters.Consumed - report.Before.Consumed };
            },
        };
        run.Append("{not json", "c1");
        run.Append("{not json", "c2");
        run.Append("""{"customerId":"c1","id":"e1","time":"2026-01-01T10:00:00Z","type":"purchase"}""", "c1");
        run.Purchase("c1", "e2", "2024-01-01T10:00:00Z", 300);
        run.Clock("2026-06-01T00:00:00Z");
        await run.ToEndAsync();

        Assert.Equal((2, 1), (rejections[(int)RejectionReason.MalformedJson], rejections[(int)RejectionReason.MissingField]));
        Assert.Equal(run.Transitions().Count(), transitions);
        Assert.Equal(run.Transitions().Count(t => t.GetProperty("cause").GetString() == "silence"), silent);
        Assert.True(fired > 0);
        Assert.Equal((4, 4), (counted.Consumed, last.Consumed));
    }

    [Fact]
    public async Task A_trace_context_goes_from_the_record_to_its_transitions_and_to_the_report()
    {
        var seen = new List<string>();
        var run = new EngineRun
        {
            WantsTraceParents = true,
            OnReport = report =>
            {
                for (int i = 0; i < report.Batch.TraceParentCount; i++)
                    seen.Add(Encoding.ASCII.GetString(report.Batch.TraceParentAt(i)));
            },
        };
        foreach ((string customer, string traceParent) in new[] { ("c1", TraceParentText), ("c2", "00-not-a-context") })
        {
            run.Purchase(customer, customer + "-1", "2026-01-01T10:00:00Z", 5);
            run.Append(
                $$"""{"customerId":"{{customer}}","id":"{{customer}}-2","time":"2026-01-05T10:00:00Z","type":"purchase","amount":9000}""", customer, 0,
                Header("other", "x"), Header("traceparent", traceParent));
        }
        await run.ToEndAsync();

        Assert.Equal([TraceParentText], seen);
        PublishedRecord[] published = [.. run.Log.Transitions(0)];
        Assert.All(published.Where(r => Key(r) == "c1"), r => Assert.Equal(TraceParentText, Text(r, "traceparent")));
        Assert.All(published.Where(r => Key(r) == "c2"), r => Assert.Null(Text(r, "traceparent")));
        Assert.Equal(["c1", "c2"], published.Select(Key).Distinct().Order());
    }

    [Fact]
    public async Task The_calibration_expects_what_the_model_expects_day_by_day_and_counts_repeat_days_only()
    {
        double expected = 0;
        long observed = 0;
        var options = new EngineOptions { Clock = ClockMode.Event, RecalibrationIntervalMs = BusinessCalendar.DayMs, BatchSizeMax = 1 };
        var run = new EngineRun(1, options) { OnReport = report => (expected, observed) = (report.Calibration.Expected, report.Calibration.Observed) };
        run.Purchase("c1", "e1", "2024-01-01T00:00:00Z", 300);
        run.Clock("2024-01-11T00:00:00Z");
        run.Purchase("c1", "e2", "2024-01-11T00:00:00Z", 300);
        run.Purchase("c1", "e3", "2024-01-11T12:00:00Z", 300);
        run.Purchase("c2", "e4", "2024-01-11T13:00:00Z", 300);
        await run.ToEndAsync();

        // Sweeps are daily: the first is on January 2nd, and what it expects of each day is known at the next one.
        double unitDays = EngineRun.Rules.Policy.Model.UnitDays;
        double byHand = Enumerable.Range(1, 9).Sum(day =>
            EngineRun.Rules.Purchases.ExpectedPurchases(new PurchaseHistory(0, 0, day / unitDays), 1 / unitDays));
        Assert.Equal(byHand, expected, 9);
        Assert.Equal(1, observed);
    }

    private static int[] Of(int scheme, int[] census)
    {
        int first = EngineRun.Rules.Schemes.Take(scheme).Sum(s => s.Tiers.Count + 1);
        return census.AsSpan(first, EngineRun.Rules.Schemes[scheme].Tiers.Count + 1).ToArray();
    }

    private static ColdState ReadCold(byte[] record)
    {
        Assert.True(ColdState.TryRead(record, out ColdState cold));
        return cold;
    }

    private static KeyValuePair<string, byte[]?> Header(string name, string value) => new(name, Encoding.UTF8.GetBytes(value));

    private static string Key(PublishedRecord record) => Encoding.UTF8.GetString(record.Key!);

    private static string? Text(PublishedRecord record, string header) =>
        record.Headers.Where(h => h.Key == header).Select(h => Encoding.UTF8.GetString(h.Value!)).SingleOrDefault();
}
