using System.Diagnostics;
using System.Text.Json;
using StreamScorer.Engine;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Processing;
using StreamScorer.Engine.Publish;
using StreamScorer.Engine.Source;
using StreamScorer.LoadTest.Load;
using StreamScorer.Scoring.Policy;

namespace StreamScorer.LoadTest.Measures;

/// <summary>
/// What one core scores: a partition's fold from raw bytes to a sealed commit, without broker and store, beside reading the same JSON with typed fields and nothing else.
/// </summary>
/// <param name="EventsPerSecond">Decoded, applied, assessed in all schemes, deadline found, written into a commit.</param>
/// <param name="ParsedPerSecond">The same records read by <see cref="Utf8JsonReader"/>.</param>
/// <param name="BytesPerEvent">Bytes allocated per event by the fold, commits and their transitions included.</param>
/// <param name="BytesPerCustomer">Growth of the managed heap per customer held, ids and indexes included.</param>
internal sealed record ScoringRate(double EventsPerSecond, double ParsedPerSecond, double BytesPerEvent, double BytesPerCustomer)
{
    private const int RecordsPerBatch = 500;
    private static readonly TimeSpan warmUp = TimeSpan.FromSeconds(2), measured = TimeSpan.FromSeconds(2);

    /// <summary>Takes about eight seconds.</summary>
    public static ScoringRate Measure(ScoringRules rules, int customers)
    {
        var workload = new Workload(customers, 1, Zipf: false);
        long nowMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var fold = new Folding(rules, workload, nowMs);
        RecordBatch[] batches = [.. Enumerable.Range(0, 400).Select(i => Batch(workload, i, nowMs))];
        Timed(batches, batch => Parse(batch), warmUp);
        double parsed = Timed(batches, batch => Parse(batch), measured).PerSecond;
        Timed(batches, fold.Fold, warmUp);
        (double scored, double bytes) = Timed(batches, fold.Fold, measured);
        return new ScoringRate(scored, parsed, bytes, fold.BytesPerCustomer);
    }

    private static (double PerSecond, double BytesPerRecord) Timed(RecordBatch[] batches, Action<RecordBatch> work, TimeSpan length)
    {
        long records = 0, start = Stopwatch.GetTimestamp(), allocated = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; Stopwatch.GetElapsedTime(start) < length; i++)
        {
            work(batches[i % batches.Length]);
            records += RecordsPerBatch;
        }
        return (records / Stopwatch.GetElapsedTime(start).TotalSeconds, (GC.GetAllocatedBytesForCurrentThread() - allocated) / (double)records);
    }

    private static RecordBatch Batch(Workload workload, int number, long nowMs)
    {
        var batch = new RecordBatch(1, RecordsPerBatch, RecordsPerBatch * 300);
        var text = new EventText();
        for (long i = number * RecordsPerBatch; i < (number + 1) * RecordsPerBatch; i++)
        {
            text.Set(workload.EventAt(i, nowMs + i / 100));
            batch.Add(i, nowMs, true, text.Key, true, text.Value, default);
        }
        return batch;
    }

    private static long Parse(RecordBatch batch)
    {
        long sum = 0;
        for (int i = 0; i < batch.Count; i++)
        {
            var reader = new Utf8JsonReader(batch[i].Value);
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName)
                    continue;
                bool isTime = reader.ValueTextEquals("time"u8);
                reader.Read();
                sum += reader.TokenType switch
                {
                    JsonTokenType.Number => (long)reader.GetDecimal(),
                    JsonTokenType.String => isTime ? reader.GetDateTimeOffset().Ticks : reader.ValueSpan.Length,
                    _ => 0,
                };
            }
        }
        return sum;
    }

    /// <summary>A partition in memory whose commits are all applied at once.</summary>
    private sealed class Folding
    {
        private readonly PartitionMemory memory;
        private readonly PartitionFold fold;
        private readonly PopulationBoard board;
        private readonly long nowMs;

        public Folding(ScoringRules rules, Workload workload, long nowMs)
        {
            this.nowMs = nowMs;
            memory = new PartitionMemory(PartitionMeta.Empty with { Offset = 0, ClockMs = nowMs }, rules);
            var seed = new SeededCustomers(rules, workload, nowMs);
            long before = GC.GetTotalMemory(forceFullCollection: true);
            for (int customer = 0; customer < workload.Customers; customer++)
                seed.AddTo(memory.Table, customer);
            memory.Complete();
            BytesPerCustomer = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)workload.Customers;
            var options = new EngineOptions();
            fold = new PartitionFold(0, memory, rules, options, new OutboxFormatter("transactions", 0, rules, options));
            board = new PopulationBoard(rules, 1);
            board.Put(0, memory.Sketch.Encode());
        }

        public double BytesPerCustomer { get; }

        public void Fold(RecordBatch batch)
        {
            // The same records come again and again: what tells repeats from new events is their offset and their place in the ring.
            memory.Meta = memory.Meta with { Offset = 0 };
            fold.Begin();
            fold.FoldRecords(batch, 0, RecordsPerBatch, nowMs + 3_600_000, board.Current, long.MaxValue);
            fold.ArmChanged();
            memory.Meta = fold.Seal(0, 0).Next;
        }
    }
}
