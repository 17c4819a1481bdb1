using System.Text.Json;
using StreamScorer.Engine;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Processing;
using StreamScorer.Engine.Publish;
using StreamScorer.Engine.Source;
using StreamScorer.LoadTest.Load;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Tiers.Schemes;

namespace StreamScorer.LoadTest.Measures;

/// <summary>
/// What one core scores: a partition's fold from raw bytes to a sealed commit, without broker and store, beside reading the same JSON with typed fields and nothing else.
/// </summary>
/// <param name="EventsPerSecond">Decoded, applied, assessed in all schemes, deadline found, written into a commit; per second of processor time.</param>
/// <param name="ParsedPerSecond">The same records read by <see cref="Utf8JsonReader"/>.</param>
/// <param name="BytesPerEvent">Bytes allocated per event by the fold and its commits.</param>
/// <param name="BytesPerCustomer">Growth of the managed heap per customer held, ids and indexes included.</param>
internal sealed record ScoringRate(double EventsPerSecond, double ParsedPerSecond, double BytesPerEvent, double BytesPerCustomer)
{
    private const int RecordsPerBatch = 500;
    private const double WarmUpSeconds = 1.5, RoundSeconds = 0.4;
    private const int Rounds = 5;

    /// <summary>Takes about ten seconds.</summary>
    /// <param name="rules">The policy's rules.</param>
    /// <param name="customers">Customers held.</param>
    /// <param name="settled">As in <see cref="SeededCustomers"/>: few events change a tier. Else most events move at least one of the schemes.</param>
    public static ScoringRate Measure(ScoringRules rules, int customers, bool settled)
    {
        var workload = new Workload(customers, 1, Zipf: false);
        long nowMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var fold = new Folding(rules, workload, nowMs, settled);
        int parsedBatches = 0, foldedBatches = 0;
        Timed(ref parsedBatches, batch => Parse(batch), WarmUpSeconds);
        Timed(ref foldedBatches, fold.Fold, WarmUpSeconds);
        var rounds = new List<(double Parsed, double Scored, double Bytes)>();
        // In turns, because a shared machine is not equally fast all the time.
        for (int round = 0; round < Rounds; round++)
        {
            double parsed = Timed(ref parsedBatches, batch => Parse(batch), RoundSeconds).PerSecond;
            (double scored, double bytes) = Timed(ref foldedBatches, fold.Fold, RoundSeconds);
            rounds.Add((parsed, scored, bytes));
        }
        return new ScoringRate(
            rounds.Average(r => r.Scored), rounds.Average(r => r.Parsed), rounds.Average(r => r.Bytes), fold.BytesPerCustomer);

        (double PerSecond, double BytesPerRecord) Timed(ref int next, Action<RecordBatch> work, double seconds)
        {
            long records = 0, allocated = 0;
            double spent = 0;
            while (spent < seconds)
            {
                // Every event is new: a repeat would be recognised and cost next to nothing.
                using RecordBatch batch = Batch(workload, next++, nowMs);
                long allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
                double start = ThreadClock.Seconds;
                work(batch);
                spent += ThreadClock.Seconds - start;
                allocated += GC.GetAllocatedBytesForCurrentThread() - allocatedBefore;
                records += RecordsPerBatch;
            }
            return (records / spent, allocated / (double)records);
        }
    }

    private static RecordBatch Batch(Workload workload, int number, long nowMs)
    {
        var batch = new RecordBatch(1, RecordsPerBatch, RecordsPerBatch * 300);
        var text = new EventText();
        for (long i = (long)number * RecordsPerBatch; i < (number + 1L) * RecordsPerBatch; i++)
        {
            // Every customer buys about once a week.
            text.Set(workload.EventAt(i, nowMs + (long)(i * (7.0 * BusinessCalendar.DayMs / workload.Customers))));
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

        public Folding(ScoringRules rules, Workload workload, long nowMs, bool settled)
        {
            this.nowMs = nowMs;
            memory = new PartitionMemory(PartitionMeta.Empty with { Offset = 0, ClockMs = nowMs }, rules);
            var seed = new SeededCustomers(rules, workload, nowMs, settled);
            long before = GC.GetTotalMemory(forceFullCollection: true);
            // As a takeover does.
            memory.ExpectHot(workload.Customers);
            for (int customer = 0; customer < workload.Customers; customer++)
                seed.AddTo(memory.Table, customer);
            memory.Complete();
            BytesPerCustomer = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)workload.Customers;
            // Transitions are decided and counted, but the one scheme that is published hardly moves: formatting is not scoring.
            var options = new EngineOptions { PublishSchemes = [FunctionScheme.SchemeName] };
            fold = new PartitionFold(0, memory, rules, options, new OutboxFormatter("transactions", 0, rules, options));
            board = new PopulationBoard(rules, 1);
            board.Put(0, memory.Sketch.Copy());
        }

        public double BytesPerCustomer { get; }

        public void Fold(RecordBatch batch)
        {
            fold.Begin();
            fold.FoldRecords(batch, 0, RecordsPerBatch, long.MaxValue / 2, board.Current, long.MaxValue);
            fold.ArmChanged();
            memory.Meta = fold.Seal(0, 0).Next;
        }
    }
}
