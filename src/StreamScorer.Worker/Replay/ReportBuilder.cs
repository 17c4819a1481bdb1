using System.Globalization;
using System.Text;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Publish;
using StreamScorer.Scoring.Events;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.State;
using StreamScorer.Scoring.Tiers;
using StreamScorer.Worker.Customers;

namespace StreamScorer.Worker.Replay;

/// <summary>Makes the report from what the store and the output hold when a replay is done; nothing is counted on the way.</summary>
internal sealed class ReportBuilder(ScoringRules rules)
{
    private static readonly int[] topPercents = [1, 5, 20];

    private readonly TierCounts tiers = new(rules);
    private readonly CustomerDigest digest = new(rules);
    private readonly List<long> netRevenues = [];
    private readonly Dictionary<string, long> byCause = Enum.GetValues<TransitionCause>().ToDictionary(OutboxFormatter.CauseName, _ => 0L);
    private PartitionCounters counters;

    /// <summary>Reads one partition: first its transitions from <paramref name="sinkStart"/> on, then its customers.</summary>
    /// <param name="store">The state.</param>
    /// <param name="sink">The output.</param>
    /// <param name="partition">Partition number.</param>
    /// <param name="sinkStart">Position in the output at which the replay began.</param>
    /// <param name="isShared">Whether other workers may publish to the same topic meanwhile: the incarnation tells this replay's transitions.</param>
    /// <param name="cancellation">Ends it early.</param>
    public async Task AddPartitionAsync(
        IStateStore store, ITransitionSink sink, int partition, long sinkStart, bool isShared, CancellationToken cancellation)
    {
        PartitionMeta meta = await store.ReadMetaAsync(partition, cancellation) ?? PartitionMeta.Empty;
        counters = Sum(counters, meta.Counters);
        string incarnation = meta.Incarnation.ToString("x16", CultureInfo.InvariantCulture);
        await foreach (PublishedRecord record in sink.ReadAsync(partition, sinkStart, cancellation))
        {
            if (record.Value is null || (isShared && !IsOf(record, incarnation)))
                continue;
            PublishedTransition transition = PublishedTransition.Read(record.Value);
            // What tells an erasure has no scheme.
            if (transition.Scheme is null)
                continue;
            byCause[transition.Cause]++;
            digest.AddTransition(transition);
        }
        await foreach (StoredCustomer customer in store.ReadCustomersAsync(partition, cancellation))
        {
            StoredState.Read(customer, out CustomerState state, out ColdState cold);
            tiers.Add(in state, in cold);
            netRevenues.Add(state.NetRevenue);
            digest.AddCustomer(customer.CustomerId, in state, in cold);
        }
    }

    /// <summary>Adds what another has read, of other partitions.</summary>
    public void Add(ReportBuilder other)
    {
        counters = Sum(counters, other.counters);
        foreach ((string cause, long count) in other.byCause)
            byCause[cause] += count;
        digest.Add(other.digest);
        tiers.Add(other.tiers);
        netRevenues.AddRange(other.netRevenues);
    }

    /// <summary>The report over all partitions added.</summary>
    public ReplayReport Build(TimeSpan elapsed)
    {
        netRevenues.Sort((a, b) => b.CompareTo(a));
        decimal total = netRevenues.Sum(Money.ToDecimal);
        return new ReplayReport
        {
            Events = counters.Consumed,
            Applied = counters.Applied,
            Duplicates = counters.Duplicate,
            DeadLettered = counters.DeadLettered,
            Customers = tiers.Customers,
            // Adding 0.00 keeps both decimals in the JSON where the last one is a zero.
            Revenue = Math.Round(total, 2, MidpointRounding.AwayFromZero) + 0.00m,
            Transitions = byCause.Values.Sum(),
            ByCause = byCause,
            Schemes = tiers.Schemes,
            ShareOfTop = topPercents.ToDictionary(percent => percent.ToString(CultureInfo.InvariantCulture), percent => Share(percent, total)),
            Digest = digest.Value,
            ElapsedSeconds = Math.Round(elapsed.TotalSeconds, 3),
            EventsPerSecond = Math.Round(counters.Consumed / elapsed.TotalSeconds, 1),
        };
    }

    private double Share(int percent, decimal total)
    {
        int count = (int)Math.Round(netRevenues.Count * percent / 100.0, MidpointRounding.AwayFromZero);
        return total == 0 ? 0 : (double)Math.Round(netRevenues.Take(count).Sum(Money.ToDecimal) / total, 6);
    }

    private static bool IsOf(PublishedRecord record, string incarnation)
    {
        foreach ((string name, byte[]? value) in record.Headers)
            if (name == OutboxEntry.IncarnationHeader)
                return value is not null && Encoding.ASCII.GetString(value) == incarnation;
        return false;
    }

    private static PartitionCounters Sum(PartitionCounters a, PartitionCounters b) => new(
        a.Consumed + b.Consumed,
        a.Applied + b.Applied,
        a.Duplicate + b.Duplicate,
        a.DeadLettered + b.DeadLettered,
        a.Erased + b.Erased,
        a.Late + b.Late,
        a.LateInexact + b.LateInexact);
}
