using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Processing;
using StreamScorer.Redis;
using StreamScorer.Scoring;
using StreamScorer.Scoring.Events;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Populations;
using StreamScorer.Scoring.Signals;
using StreamScorer.Scoring.State;
using StreamScorer.Scoring.Tiers;

namespace StreamScorer.LoadTest.Load;

/// <summary>
/// What the store holds before the load begins: every customer with purchases of the last months, scored by the scorer itself. Customers share a thousand
/// histories, so that millions are written in seconds.
/// </summary>
internal sealed class SeededCustomers
{
    /// <summary>What the worker publishes by default, and the scheme of the silent drops.</summary>
    public const string PublishedSchemes = "pyramid,churn,lifecycle,absolute";

    private const int CustomersPerCommit = 2_000;

    // Silent drops fall due one history after the other, the slower the longer it takes until so many customers are loaded and the load runs.
    private const long SilentEveryMs = 2_300, CustomersPerMsMore = 1_000;


    // After as many purchases in a row nearly nobody rises any further by one more.
    private const int SettledPurchases = 60;

    // Of the schemes with bounds in money: its drops are deadlines, not results of a sweep.
    private const SchemeId DropScheme = SchemeId.Absolute;
    private readonly ScoringRules rules;
    private readonly Workload workload;
    private readonly CustomerState[] states = new CustomerState[Workload.Histories];
    private readonly ColdState[] colds = new ColdState[Workload.Histories];

    /// <param name="rules">The policy's rules.</param>
    /// <param name="workload">The customers.</param>
    /// <param name="nowMs">Instant that they are scored up to, unix milliseconds.</param>
    /// <param name="settled">Whether all who buy in the load have bought so often just before it that one purchase more hardly changes a tier.</param>
    public SeededCustomers(ScoringRules rules, Workload workload, long nowMs, bool settled = false)
    {
        (this.rules, this.workload, NowMs) = (rules, workload, nowMs);
        for (int i = 0; i < Workload.Histories; i++)
            Build(i, out states[i], out colds[i]);
        SeedDrops();
        for (int i = Workload.SilentHistories; settled && i < Workload.Histories; i++)
        {
            for (int purchase = 0; purchase < SettledPurchases; purchase++)
                Buy(i, Purchases(i) + purchase, NowMs - (SettledPurchases - purchase) * 1000, ref states[i], ref colds[i]);
        }
        RankAll();
    }

    /// <summary>Instant that the customers are scored up to, unix milliseconds.</summary>
    public long NowMs { get; }

    /// <summary>A customer's record before the load.</summary>
    public CustomerState StateOf(int customer) => states[customer % Workload.Histories];

    /// <summary>A customer's cold record before the load.</summary>
    public ColdState ColdOf(int customer) => colds[customer % Workload.Histories];

    /// <summary>Puts a customer as seeded into a table.</summary>
    public void AddTo(CustomerTable table, int customer)
    {
        Span<byte> id = stackalloc byte[EventText.IdLength];
        EventText.WriteId(customer, id);
        int slot = table.GetOrAdd(id);
        table.State(slot) = StateOf(customer);
        table.SetCold(slot, in colds[customer % Workload.Histories]);
    }

    /// <summary>Claims every partition and writes all its customers, as a worker would have.</summary>
    public async Task WriteAsync(RedisStateStore store)
    {
        var owners = new List<Owner>();
        for (int partition = 0; partition < workload.Partitions; partition++)
            owners.Add(await Owner.ClaimAsync(store, partition, NowMs, rules.Policy.Version));
        byte[] id = new byte[EventText.IdLength];
        for (int customer = 0; customer < workload.Customers; customer++)
        {
            EventText.WriteId(customer, id);
            Owner owner = owners[workload.PartitionOf(id)];
            owner.Commit.PutHot(id, CustomerState.AsBytes(in states[customer % Workload.Histories]));
            if (!colds[customer % Workload.Histories].IsEmpty)
                owner.Commit.PutCold(id, ColdState.AsBytes(in colds[customer % Workload.Histories]));
            if (owner.Commit.Writes.Length >= CustomersPerCommit)
                await owner.WriteAsync();
        }
        foreach (Owner owner in owners)
        {
            await owner.WriteAsync();
            await owner.Store.DisposeAsync();
        }
    }

    private void Build(int history, out CustomerState state, out ColdState cold)
    {
        (state, cold) = (default, default);
        int purchases = Purchases(history);
        for (int i = 0; i < purchases; i++)
        {
            // Two to nine purchases, one to six weeks apart; most customers bought within their usual interval, one in eight has been silent for months.
            int interval = 7 + history * 5 % 35;
            long daysAgo = (history % 8 == 7 ? 90 + history % 90 : history * 3 % interval) + (purchases - 1 - i) * interval;
            Buy(history, i, NowMs - daysAgo * BusinessCalendar.DayMs - history * 60_000L, ref state, ref cold);
        }
        Scorer.Elapse(ref state, ref cold, NowMs, rules, Population.None, new TierChangeBuffer());
    }

    private static int Purchases(int history) => 2 + history % 8;

    private void Buy(int history, int purchase, long atMs, ref CustomerState state, ref ColdState cold)
    {
        LoadEvent bought = workload.EventAt(history * 8L + purchase, atMs);
        var e = new CustomerEvent
        {
            Type = EventType.Purchase,
            TimeMs = bought.TimeMs,
            Amount = bought.AmountCents * (Money.Unit / 100),
            EventIdHash = (ulong)(history * 128 + purchase + 1),
        };
        Scorer.Apply(ref state, ref cold, in e, rules, Population.None, new TierChangeBuffer(), out _);
        Deadlines.Arm(ref state, ref cold, rules, state.LastAssessedMs);
    }

    // Silent customers hold a tier in grace, and its end is moved to where the load runs. What silence does without a grace comes at a time of day that follows from
    // the days of purchase, and cannot be chosen.
    private void SeedDrops()
    {
        TierScheme scheme = rules.Schemes.First(scheme => scheme.Id == DropScheme);
        int[] inGrace = [.. Enumerable.Range(0, Workload.Histories).Where(i => HeldIn(scheme, i).InGrace)];
        if (inGrace.Length == 0)
            throw new InvalidOperationException($"no history holds a tier of '{scheme.Name}' in grace: seed others");
        var drops = new (CustomerState State, ColdState Cold)[Workload.SilentHistories];
        for (int i = 0; i < drops.Length; i++)
        {
            int history = inGrace[i % inGrace.Length];
            (CustomerState state, ColdState cold) = (states[history], colds[history]);
            SchemeState held = HeldIn(scheme, history);
            held.Grace0 = (uint)((NowMs + i * (SilentEveryMs + workload.Customers / CustomersPerMsMore) - scheme.Grace.LengthMs) / 1000);
            held.Store(scheme.Id, ref state, ref cold);
            Deadlines.Arm(ref state, in cold, rules, NowMs);
            drops[i] = (state, cold);
        }
        for (int i = 0; i < drops.Length; i++)
            (states[i], colds[i]) = drops[i];
    }

    private SchemeState HeldIn(TierScheme scheme, int history) => SchemeState.Of(scheme.Id, in states[history], in colds[history]);

    // Without it every customer would enter its first relative tier during the load.
    private void RankAll()
    {
        var sketch = new PopulationSketch();
        for (int i = 0; i < Workload.Histories; i++)
        {
            PopulationBuckets nowhere = PopulationBuckets.None;
            var signals = new CustomerSignals(in states[i], in colds[i], rules, NowMs);
            sketch.Move(ref nowhere, PopulationBuckets.Of(in signals, in states[i]));
        }
        var population = new Population(1, sketch, rules.Schemes);
        for (int i = 0; i < Workload.Histories; i++)
        {
            Scorer.Assess(
                ref states[i], ref colds[i], NowMs, TransitionCause.Recalibration, SchemeScope.Relative, rules, population, new TierChangeBuffer());
            colds[i].Layout = colds[i].IsEmpty ? (byte)0 : ColdState.CurrentLayout;
        }
    }

    /// <summary>A claimed partition and the write under construction.</summary>
    private sealed class Owner(IPartitionStore store, PartitionMeta meta)
    {
        private PartitionMeta current = meta;

        public IPartitionStore Store => store;

        public PartitionCommit Commit { get; } = new();

        public static async Task<Owner> ClaimAsync(RedisStateStore stores, int partition, long nowMs, long policyVersion)
        {
            IPartitionStore store = await stores.OpenPartitionAsync(partition, CancellationToken.None);
            ClaimResult claim = await store.ClaimAsync(nowMs, CancellationToken.None);
            if (!claim.Claimed)
                throw new InvalidOperationException($"partition {partition} could not be claimed: {claim.Error}");
            return new Owner(store, claim.Meta with
            {
                Offset = 0,
                SinkPosition = 0,
                ClockMs = nowMs,
                Layout = CustomerState.CurrentLayout,
                PolicyVersion = policyVersion,
                AssessedPolicyVersion = policyVersion,
            });
        }

        public async Task WriteAsync()
        {
            Commit.Seal(current.Fence, current, trimThroughSeq: 0);
            CommitOutcome outcome = await store.CommitAsync(Commit, CancellationToken.None);
            if (outcome != CommitOutcome.Applied)
                throw new InvalidOperationException($"the seed could not be written: {outcome}");
            current = Commit.Next;
            Commit.Clear();
        }
    }
}
