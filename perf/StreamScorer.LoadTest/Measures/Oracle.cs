using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Decode;
using StreamScorer.Engine.Processing;
using StreamScorer.Engine.Source;
using StreamScorer.LoadTest.Load;
using StreamScorer.Redis;
using StreamScorer.Scoring;
using StreamScorer.Scoring.Events;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Populations;
using StreamScorer.Scoring.State;
using StreamScorer.Scoring.Tiers;

namespace StreamScorer.LoadTest.Measures;

/// <summary>
/// A plain scorer that sees one event after another, for every n-th customer. What the worker has stored must be the same: aggregates byte by byte, and tiers of the
/// schemes with absolute bounds. Relative tiers depend on when thresholds were taken.
/// </summary>
internal sealed class Oracle
{
    private readonly ScoringRules rules;
    private readonly int every;
    private readonly EventDecoder decoder;
    private readonly CustomerTable table = new();
    private readonly TierChangeBuffer changes = new();
    private readonly EventText text = new();

    /// <param name="rules">The policy's rules.</param>
    /// <param name="seed">The customers before the load; null when there are none.</param>
    /// <param name="workload">The load.</param>
    /// <param name="every">One customer of so many is checked.</param>
    public Oracle(ScoringRules rules, SeededCustomers? seed, Workload workload, int every)
    {
        (this.rules, this.every, decoder) = (rules, every, new EventDecoder(rules));
        for (int customer = 0; seed is not null && customer < workload.Customers; customer += every)
            seed.AddTo(table, customer);
    }

    /// <summary>Applies an event of the load, if its customer is one of those checked.</summary>
    public void Apply(in LoadEvent sent)
    {
        if (sent.Customer % every != 0)
            return;
        text.Set(in sent);
        var record = new SourceRecord { Offset = 0, TimestampMs = 0, HasKey = true, HasValue = true, Key = text.Key, Value = text.Value, Headers = default };
        if (decoder.Decode(in record, out CustomerEvent e).Rejected)
            throw new InvalidOperationException("the load has an event that cannot be decoded");
        int slot = table.GetOrAdd(e.CustomerId);
        ref CustomerState state = ref table.State(slot);
        ColdState cold = table.Cold(slot);
        changes.Clear();
        Scorer.Apply(ref state, ref cold, in e, rules, Population.None, changes, out _);
        if (Deadlines.IsNext(in state))
            Deadlines.Arm(ref state, ref cold, rules, state.LastAssessedMs);
        table.SetCold(slot, in cold);
    }

    /// <summary>Compares what is stored; the first difference ends it.</summary>
    /// <returns>Customers compared.</returns>
    /// <exception cref="InvalidOperationException">A customer differs; the message names it.</exception>
    public async Task<int> CheckAsync(RedisStateStore store, int partitions)
    {
        int found = 0;
        for (int partition = 0; partition < partitions; partition++)
        {
            await foreach (StoredCustomer stored in store.ReadCustomersAsync(partition, CancellationToken.None))
            {
                if (EventText.NumberOf(stored.CustomerId) % every != 0)
                    continue;
                Check(stored);
                found++;
            }
        }
        return found == table.Count ? found : throw new InvalidOperationException($"{found} customers are stored, {table.Count} are expected");
    }

    private void Check(StoredCustomer stored)
    {
        int slot = table.Find(stored.CustomerId);
        if (slot < 0 || !CustomerState.TryRead(stored.Hot, out CustomerState actual))
            throw Differs(stored, "it is unknown or unreadable");
        ColdState actualCold = default;
        if (stored.Cold.Length > 0 && !ColdState.TryRead(stored.Cold, out actualCold))
            throw Differs(stored, "its cold record is unreadable");
        ref CustomerState expected = ref table.State(slot);
        ColdState cold = table.Cold(slot);
        Scorer.Elapse(ref expected, ref cold, actual.LastAssessedMs, rules, Population.None, changes);
        if (!Aggregates(in actual).SequenceEqual(Aggregates(in expected)))
            throw Differs(stored, "its aggregates");
        foreach (TierScheme scheme in rules.Schemes)
        {
            if (scheme.IsRelative)
                continue;
            SchemeState held = SchemeState.Of(scheme.Id, in actual, in actualCold), wanted = SchemeState.Of(scheme.Id, in expected, in cold);
            if (!held.Equals(wanted))
                throw Differs(stored, $"{scheme.Name} is {scheme.TierName(scheme.TierOf(in held))} instead of {scheme.TierName(scheme.TierOf(in wanted))}");
        }
    }

    // From the purchase times to the newest event: everything that does not depend on when tiers were assessed.
    private static ReadOnlySpan<byte> Aggregates(ref readonly CustomerState state) => CustomerState.AsBytes(in state)[8..164];

    private static InvalidOperationException Differs(StoredCustomer stored, string what) =>
        new($"customer {System.Text.Encoding.ASCII.GetString(stored.CustomerId)} differs from the oracle: {what}");
}
