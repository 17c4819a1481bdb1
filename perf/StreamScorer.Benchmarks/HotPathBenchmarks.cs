using System.Text.Json;
using BenchmarkDotNet.Attributes;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Decode;
using StreamScorer.Engine.Processing;
using StreamScorer.Engine.Source;
using StreamScorer.Scoring;
using StreamScorer.Scoring.Events;
using StreamScorer.Scoring.Populations;
using StreamScorer.Scoring.Signals;
using StreamScorer.Scoring.State;
using StreamScorer.Scoring.Tiers;

namespace StreamScorer.Benchmarks;

/// <summary>
/// The parts that every event passes, one purchase of each customer per operation, and reading the same JSON as the yardstick. Each returns an answer that tells whether
/// it did its work.
/// </summary>
[MemoryDiagnoser]
public class HotPathBenchmarks
{
    private readonly TierChangeBuffer changes = new();
    private readonly CustomerTable table = new();
    private readonly PartitionCommit commit = new();
    private Sample sample = new(1);
    private EventDecoder decoder = null!;
    private CustomerState[] states = [];
    private PopulationBuckets[] buckets = [];
    private TimerWheel wheel = null!;
    private PopulationSketch sketch = new();

    /// <summary>Customers per operation.</summary>
    [Params(1_000)]
    public int Customers { get; set; } = 1_000;

    /// <summary>Makes the customers.</summary>
    [GlobalSetup]
    public void Setup()
    {
        sample = new Sample(Customers);
        decoder = new EventDecoder(sample.Rules);
        states = [.. sample.States];
        buckets = [.. sample.States.Select(_ => PopulationBuckets.None)];
        for (int customer = 0; customer < Customers; customer++)
            table.State(table.GetOrAdd(Sample.IdOf(customer))) = sample.States[customer];
        wheel = new TimerWheel(table);
        wheel.Reset(Sample.NowMs / 1000);
        sketch = new PopulationSketch();
    }

    /// <summary>The yardstick: the JSON with typed fields and nothing else. Returns the sum of the amounts.</summary>
    [Benchmark(Baseline = true)]
    public long ParseJson()
    {
        decimal sum = 0;
        for (int i = 0; i < sample.Records.Count; i++)
        {
            var reader = new Utf8JsonReader(sample.Records[i].Value);
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName)
                    continue;
                bool isAmount = reader.ValueTextEquals("amount"u8), isTime = reader.ValueTextEquals("time"u8);
                reader.Read();
                if (reader.TokenType == JsonTokenType.Number)
                    sum += reader.GetDecimal() * (isAmount ? 1 : 0);
                else if (isTime)
                    sum += reader.GetDateTimeOffset().Year - 2026;
            }
        }
        return (long)sum;
    }

    /// <summary>Raw bytes to events. Returns the sum of the amounts.</summary>
    [Benchmark]
    public long Decode()
    {
        long sum = 0;
        for (int i = 0; i < sample.Records.Count; i++)
        {
            SourceRecord record = sample.Records[i];
            if (!decoder.Decode(in record, out CustomerEvent e).Rejected)
                sum += e.Amount / Money.Unit;
        }
        return sum;
    }

    /// <summary>Events into aggregates, without assessing anybody. Returns the purchases added.</summary>
    [Benchmark]
    public int Apply()
    {
        int added = 0;
        for (int customer = 0; customer < Customers; customer++)
        {
            ref CustomerState state = ref states[customer];
            state = sample.States[customer];
            ColdState cold = default;
            var e = new CustomerEvent { Type = EventType.Purchase, TimeMs = Sample.NowMs, Amount = Sample.AmountOf(customer) * Money.Unit, EventIdHash = 1 };
            Aggregation.Add(ref state, ref cold, in e, sample.Rules);
            added += state.PurchaseCount - sample.States[customer].PurchaseCount;
        }
        return added;
    }

    /// <summary>The signals that all schemes go by. Returns the customers that are worth more than they have paid.</summary>
    [Benchmark]
    public int Score()
    {
        int found = 0;
        for (int customer = 0; customer < Customers; customer++)
        {
            var signals = new CustomerSignals(in sample.States[customer], in ColdState.None, sample.Rules, Sample.NowMs);
            found += signals.CustomerValue > signals.DecayedProfit && signals.ChurnRisk is > 0 and < 1 ? 1 : 0;
        }
        return found;
    }

    /// <summary>Signals and all twelve schemes. Returns the customers with a tier in the pyramid.</summary>
    [Benchmark]
    public int AssessAllSchemes()
    {
        int ranked = 0;
        for (int customer = 0; customer < Customers; customer++)
        {
            ref CustomerState state = ref states[customer];
            state = sample.States[customer];
            ColdState cold = default;
            changes.Clear();
            Scorer.Assess(ref state, ref cold, Sample.NowMs, TransitionCause.Recalibration, SchemeScope.All, sample.Rules, sample.Population, changes);
            ranked += state.HeldTiers[(int)SchemeId.Pyramid] > 0 ? 1 : 0;
        }
        return ranked;
    }

    /// <summary>The next instant at which silence changes something. Returns the customers that have one.</summary>
    [Benchmark]
    public int FindDeadline()
    {
        int found = 0;
        for (int customer = 0; customer < Customers; customer++)
        {
            long deadlineMs = Deadlines.Find(in sample.States[customer], in ColdState.None, sample.Rules, Sample.NowMs, checkNever: false);
            found += deadlineMs > Sample.NowMs && deadlineMs < long.MaxValue ? 1 : 0;
        }
        return found;
    }

    /// <summary>Records into a commit and back. Returns the records that came back the same.</summary>
    [Benchmark]
    public int Codec()
    {
        commit.Clear();
        for (int customer = 0; customer < Customers; customer++)
            commit.PutHot(table.IdOf(customer), CustomerState.AsBytes(in sample.States[customer]));
        int same = 0;
        for (int i = 0; i < commit.Writes.Length; i++)
        {
            CustomerWrite write = commit.Writes[i];
            same += CustomerState.TryRead(commit.Record(in write), out CustomerState read) && read.Revenue == sample.States[i].Revenue ? 1 : 0;
        }
        return same;
    }

    /// <summary>Arms a timer per customer and lets all come due. Returns the timers that did.</summary>
    [Benchmark]
    public int TimerWheel()
    {
        wheel.Reset(Sample.NowMs / 1000);
        for (int slot = 0; slot < Customers; slot++)
        {
            table.State(slot).DeadlineMs = Sample.NowMs + slot * 100_000L;
            wheel.Arm(slot, table.State(slot).DeadlineMs);
        }
        wheel.Advance(Sample.NowMs / 1000 + Customers * 100L);
        int due = 0;
        while (wheel.TryTakeDue(out _))
            due++;
        return due;
    }

    /// <summary>Puts every customer into the population sketch and takes it out again. Returns the customers in it between the two.</summary>
    [Benchmark]
    public long Sketch()
    {
        for (int customer = 0; customer < Customers; customer++)
        {
            var signals = new CustomerSignals(in sample.States[customer], in ColdState.None, sample.Rules, Sample.NowMs);
            sketch.Move(ref buckets[customer], PopulationBuckets.Of(in signals, in sample.States[customer]));
        }
        long held = sketch.Count;
        for (int customer = 0; customer < Customers; customer++)
            sketch.Move(ref buckets[customer], PopulationBuckets.None);
        return held;
    }
}
