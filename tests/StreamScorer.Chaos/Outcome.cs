using System.Text;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Publish;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.State;
using StreamScorer.Worker.Customers;
using StreamScorer.Worker.Replay;

namespace StreamScorer.Chaos;

/// <summary>What a run has left in its store and on its output, read when it is done, by a consumer that remembers ids.</summary>
/// <param name="Transitions">By customer, in the order of the output; a repeated id once.</param>
/// <param name="Digest">Over every customer's aggregates, held tiers and transitions; see <see cref="CustomerDigest"/>.</param>
/// <param name="Counters">By partition.</param>
/// <param name="RepeatedIds">Transitions left out because their id stands on the output before.</param>
internal sealed record Outcome(
    IReadOnlyDictionary<string, List<PublishedTransition>> Transitions, string Digest, IReadOnlyList<PartitionCounters> Counters, int RepeatedIds)
{
    /// <summary>Whether everything consumed was applied, a duplicate, dead-lettered or erased.</summary>
    public bool IsConserved => Counters.All(c => c.Consumed == c.Applied + c.Duplicate + c.DeadLettered + c.Erased);

    /// <summary>Reads all partitions.</summary>
    /// <exception cref="CampaignException">The test broker has forgotten the beginning of the output, as it does beyond 5 MiB a partition.</exception>
    public static async Task<Outcome> ReadAsync(
        ScoringRules rules, IStateStore store, ITransitionSink sink, int partitionCount, CancellationToken cancellation)
    {
        var transitions = new Dictionary<string, List<PublishedTransition>>();
        var digest = new CustomerDigest(rules);
        var counters = new PartitionCounters[partitionCount];
        var ids = new HashSet<string>();
        int repeated = 0;
        for (int partition = 0; partition < partitionCount; partition++)
        {
            bool isFirst = true;
            await foreach (PublishedRecord record in sink.ReadAsync(partition, 0, cancellation))
            {
                if (isFirst && record.Position != 0)
                    throw new CampaignException($"the broker has forgotten the first {record.Position} transitions of partition {partition}; feed less");
                isFirst = false;
                if (record.Value is null)
                    continue;
                if (!ids.Add(IdOf(record)))
                {
                    repeated++;
                    continue;
                }
                PublishedTransition transition = PublishedTransition.Read(record.Value);
                if (!transitions.TryGetValue(transition.CustomerId, out List<PublishedTransition>? same))
                    transitions[transition.CustomerId] = same = [];
                same.Add(transition);
                digest.AddTransition(transition);
            }
            await foreach (StoredCustomer customer in store.ReadCustomersAsync(partition, cancellation))
            {
                StoredState.Read(customer, out CustomerState state, out ColdState cold);
                digest.AddCustomer(customer.CustomerId, in state, in cold);
            }
            counters[partition] = (await store.ReadMetaAsync(partition, cancellation) ?? PartitionMeta.Empty).Counters;
        }
        return new Outcome(transitions, digest.Value, counters, repeated);
    }

    private static string IdOf(PublishedRecord record) =>
        Encoding.UTF8.GetString(record.Headers.First(header => header.Key == OutboxEntry.IdHeader).Value!);
}
