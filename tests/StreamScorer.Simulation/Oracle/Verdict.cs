using System.Runtime.InteropServices;
using System.Text;
using StreamScorer.Engine;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Publish;
using StreamScorer.Scoring.Events;
using StreamScorer.Scoring.State;
using StreamScorer.Scoring.Tiers;
using StreamScorer.Simulation.Input;
using StreamScorer.Simulation.World;

namespace StreamScorer.Simulation.Oracle;

/// <summary>Compares what a run has left in the store and on the outputs with what its input must lead to.</summary>
internal sealed class Verdict(Scenario scenario, Surroundings around, Lineage lineage, IReadOnlyList<byte[]> ids, Findings findings)
{
    /// <summary>Checks every partition.</summary>
    public void Check()
    {
        for (int partition = 0; partition < scenario.Partitions; partition++)
        {
            PartitionMeta meta = around.Server.Meta(partition)!.Value;
            var expected = new NaiveScorer(scenario, partition, ids, meta.Incarnation, findings);
            List<InputRecord> records = around.Broker.Input(partition);
            for (int offset = 0; offset < records.Count; offset++)
                expected.Take(offset, records[offset], around.Broker.Timestamps(partition)[offset]);
            expected.Close();
            CheckChains(partition, expected);
            CheckState(partition, expected);
            findings.Require(meta.Counters == expected.Counters, "O5 conservation", $"partition {partition}: {meta.Counters}, expected {expected.Counters}");
            CheckOutput(partition, expected);
            CheckDeadLetters(partition, expected);
        }
    }

    /// <summary>Earliest instant at which somebody's silence has to be looked at; unix milliseconds.</summary>
    public static long NextDeadline(IEnumerable<StoredCustomer> customers)
    {
        long next = long.MaxValue;
        foreach (StoredCustomer customer in customers)
        {
            if (CustomerState.TryRead(customer.Hot, out CustomerState state))
                next = Math.Min(next, state.DeadlineMs);
        }
        return next;
    }

    // O1: what the writes that are still in the store say they applied, chained per customer.
    private void CheckChains(int partition, NaiveScorer expected)
    {
        Dictionary<int, ulong> wanted = Chain(expected.Applied), found = [];
        ILookup<ulong, (long Offset, int Customer, ulong EventId)> byEvent = expected.Applied.ToLookup(a => a.EventId);
        foreach (Lineage.Write write in lineage.Of(partition))
        {
            foreach (ulong id in write.RecentIds)
            {
                (long offset, int customer, ulong eventId) = byEvent[id].FirstOrDefault(a => a.Offset >= write.FromOffset && a.Offset < write.ToOffset);
                findings.Require(eventId == id, "O1 chain", $"partition {partition}: the write of {write.FromOffset} to {write.ToOffset} applied an event that is not new there");
                found[customer] = Link(found.GetValueOrDefault(customer), offset, eventId);
            }
        }
        foreach ((int customer, ulong chain) in wanted)
            findings.Require(found.GetValueOrDefault(customer) == chain, "O1 chain", $"customer c{customer}: other events, or another order, than the input's");
    }

    private static Dictionary<int, ulong> Chain(List<(long Offset, int Customer, ulong EventId)> applied)
    {
        var chains = new Dictionary<int, ulong>();
        foreach ((long offset, int customer, ulong eventId) in applied)
            chains[customer] = Link(chains.GetValueOrDefault(customer), offset, eventId);
        return chains;
    }

    private static ulong Link(ulong chain, long offset, ulong eventId) =>
        StableHash.Of(MemoryMarshal.AsBytes<ulong>([(ulong)offset, eventId]), chain + 1);

    // O2: every customer's records, to the byte where all is foreseen; without what depends on when silence was looked at, else.
    private void CheckState(int partition, NaiveScorer expected)
    {
        Dictionary<string, StoredCustomer> stored = around.Server.Customers(partition).ToDictionary(c => Encoding.UTF8.GetString(c.CustomerId));
        foreach ((int number, NaiveScorer.Customer wanted) in expected.Customers)
        {
            if (!stored.Remove(Encoding.UTF8.GetString(ids[number]), out StoredCustomer? customer)
                || !CustomerState.TryRead(customer.Hot, out CustomerState state))
            {
                findings.Require(false, "O2 state", $"customer c{number} is not stored");
                continue;
            }
            ColdState cold = default;
            findings.Require(customer.Cold.Length == 0 || ColdState.TryRead(customer.Cold, out cold), "O2 state", $"customer c{number}: cold record unreadable");
            CustomerState wantedState = wanted.State;
            ColdState wantedCold = wanted.Cold;
            wantedCold.Layout = cold.Layout = 0;
            // A sweep looks at everybody, and not at instants that the input foresees.
            findings.Require(state.LastAssessedMs >= wantedState.LastAssessedMs || !scenario.IsForeseen, "O2 state", $"customer c{number} was not assessed up to its silence");
            state.LastAssessedMs = wantedState.LastAssessedMs;
            if (!scenario.IsForeseen)
            {
                (state, cold) = WithoutTiers(state, cold);
                (wantedState, wantedCold) = WithoutTiers(wantedState, wantedCold);
            }
            findings.Require(CustomerState.AsBytes(in state).SequenceEqual(CustomerState.AsBytes(in wantedState)), "O2 state",
                $"customer c{number}: {Differences(CustomerState.AsBytes(in state), CustomerState.AsBytes(in wantedState))}");
            findings.Require(ColdState.AsBytes(in cold).SequenceEqual(ColdState.AsBytes(in wantedCold)), "O2 state",
                $"customer c{number}, cold: {Differences(ColdState.AsBytes(in cold), ColdState.AsBytes(in wantedCold))}");
        }
        findings.Require(stored.Count == 0, "O2 state", $"stored but unknown or erased: {string.Join(' ', stored.Keys)}");
    }

    private static (CustomerState State, ColdState Cold) WithoutTiers(CustomerState state, ColdState cold)
    {
        state.Flags = default;
        state.Sequence = 0;
        state.LastAssessedMs = 0;
        state.DeadlineMs = 0;
        state.HeldTiers = default;
        state.SinceDays = default;
        cold.GraceStartS = default;
        cold.AvertedGraceStartS = default;
        cold.AvertingPurchaseHash = 0;
        return (state, cold);
    }

    private static string Differences(ReadOnlySpan<byte> found, ReadOnlySpan<byte> expected)
    {
        int first = found.CommonPrefixLength(expected);
        return $"{found.Length} bytes, expected {expected.Length}, differ from byte {first} on";
    }

    // O3: what was decided in the writes that are still in the store is published, once and in order; and it is what the input must lead to.
    private void CheckOutput(int partition, NaiveScorer expected)
    {
        List<PublishedRecord> published = around.Broker.Transitions(partition);
        IEnumerable<string> repeated = published.GroupBy(IdOf).Where(same => same.Count() > 1).Select(same => same.Key)
            .Where(id => !around.Broker.SentLate.Contains(id));
        findings.Require(scenario.MayRepeat || !repeated.Any(), "O3 once", $"partition {partition}: published more than once: {string.Join(' ', repeated)}");
        List<PublishedRecord> firsts = [.. published.DistinctBy(IdOf)];
        OutboxEntry[] decided = [.. lineage.Of(partition).SelectMany(w => w.Outbox).Where(e => e.Kind != OutboxKind.DeadLetter)];
        if (scenario.IsForeseen || !scenario.Has(Fault.StoreRollback))
        {
            findings.Require(firsts.Select(IdOf).SequenceEqual(decided.Select(e => e.Id)) || scenario.Has(Fault.StoreRollback), "O3 output",
                $"partition {partition}: {firsts.Count} transitions published, {decided.Length} decided, or in another order");
        }
        HashSet<string> publishedIds = [.. firsts.Select(IdOf)];
        string[] missing = [.. decided.Select(e => e.Id).Where(id => !publishedIds.Contains(id))];
        findings.Require(missing.Length == 0, "O3 output", $"partition {partition}: never published: {string.Join(' ', missing)}");
        if (scenario.IsForeseen)
            CheckForeseen(firsts, expected, partition);
    }

    private void CheckForeseen(List<PublishedRecord> firsts, NaiveScorer expected, int partition)
    {
        ILookup<string, PublishedRecord> byCustomer = firsts.ToLookup(r => Encoding.UTF8.GetString(r.Key!));
        for (int number = 0; number < ids.Count; number++)
        {
            PublishedRecord[] found = [.. byCustomer[Encoding.UTF8.GetString(ids[number])]];
            List<(string Id, byte[]? Value)> wanted = expected.Published.GetValueOrDefault(number) ?? [];
            for (int i = 0; i < Math.Max(found.Length, wanted.Count); i++)
            {
                string foundId = i < found.Length ? IdOf(found[i]) : "nothing", wantedId = i < wanted.Count ? wanted[i].Id : "nothing";
                bool same = foundId == wantedId && (found[i].Value ?? []).AsSpan().SequenceEqual(wanted[i].Value ?? []);
                findings.Require(same, "O3 transitions", $"customer c{number}, partition {partition}, place {i}: {foundId}, expected {wantedId}"
                    + (foundId == wantedId ? $": {Text(found[i].Value)} expected {Text(wanted[i].Value)}" : ""));
                if (!same)
                    return;
            }
        }
    }

    private void CheckDeadLetters(int partition, NaiveScorer expected)
    {
        List<PublishedRecord> published = around.Broker.DeadLetters(partition);
        string[] found = [.. published.Select(r => $"{Header(r, "source-offset")} {Header(r, "reason")}")];
        // Reading back covers transitions only, so a dead letter may come twice.
        string[] firsts = [.. found.Distinct()];
        string[] wanted = [.. expected.DeadLetters.Select(d => $"{d.Offset} {Engine.Decode.RejectionReasons.Name(d.Reason)}")];
        findings.Require(firsts.SequenceEqual(wanted), "O3 dead letters", $"partition {partition}: {string.Join(", ", firsts)}; expected {string.Join(", ", wanted)}");
    }

    private static string IdOf(PublishedRecord record) => Header(record, OutboxEntry.IdHeader);

    private static string Header(PublishedRecord record, string name) =>
        Encoding.UTF8.GetString(record.Headers.First(h => h.Key == name).Value!);

    private static string Text(byte[]? value) => value is null ? "a tombstone" : Encoding.UTF8.GetString(value);
}
