using BenchmarkDotNet.Attributes;
using StreamScorer.Engine;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Processing;
using StreamScorer.Engine.Publish;
using StreamScorer.Scoring.State;

namespace StreamScorer.Benchmarks;

/// <summary>
/// A partition's fold in steady state: raw records decoded, applied, assessed in all schemes, deadlines found, written into a sealed commit. The same purchases come
/// again for customers who are put back to before them, so that every operation does the same work.
/// </summary>
[MemoryDiagnoser]
public class FoldBenchmarks
{
    private readonly EngineOptions options = new() { BatchSizeMax = 10_000 };
    private Sample sample = new(1);
    private PartitionMemory memory = null!;
    private PartitionFold fold = null!;
    private CustomerState[] before = [];

    /// <summary>Customers, and events per operation.</summary>
    [Params(1_000)]
    public int Customers { get; set; } = 1_000;

    /// <summary>Makes a partition whose customers have bought once more already: then the purchase changes no tier and publishes nothing.</summary>
    [GlobalSetup]
    public void Setup()
    {
        sample = new Sample(Customers);
        memory = new PartitionMemory(PartitionMeta.Empty with { Offset = 0, ClockMs = Sample.NowMs }, sample.Rules);
        for (int customer = 0; customer < Customers; customer++)
            memory.Table.State(memory.Table.GetOrAdd(Sample.IdOf(customer))) = sample.States[customer];
        memory.Complete();
        fold = new PartitionFold(0, memory, sample.Rules, options, new OutboxFormatter("transactions", 0, sample.Rules, options));
        before = [.. Enumerable.Range(0, Customers).Select(slot => memory.Table.State(slot))];
        Fold();
        for (int slot = 0; slot < Customers; slot++)
        {
            CustomerState settled = memory.Table.State(slot);
            (settled.RecentEvents, settled.DeadlineMs) = (before[slot].RecentEvents, before[slot].DeadlineMs);
            before[slot] = settled;
        }
    }

    /// <summary>Folds one purchase of each customer. Returns the events applied.</summary>
    [Benchmark]
    public long Fold()
    {
        for (int slot = 0; slot < Customers; slot++)
            memory.Table.State(slot) = before[slot];
        // Else the records are repeats.
        memory.Ring.Load(default, 0);
        memory.Meta = memory.Meta with { Offset = 0 };
        fold.Begin();
        fold.FoldRecords(sample.Records, 0, Customers, Sample.NowMs + 86_400_000, sample.Population, long.MaxValue);
        fold.ArmChanged();
        long applied = memory.Meta.Counters.Applied;
        memory.Meta = fold.Seal(0, 0).Next;
        return memory.Meta.Counters.Applied - applied;
    }
}
