using System.Text;
using StreamScorer.Engine.Commit;
using StreamScorer.Scoring;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Populations;
using StreamScorer.Scoring.State;
using StreamScorer.Scoring.Tiers;
using StreamScorer.Worker.Customers;

namespace StreamScorer.Worker.Populations;

/// <summary>
/// Who falls next if nobody does anything. Of all customers only the few with the soonest stored deadlines are solved: a deadline is never late, so nobody else
/// can fall before the last of these.
/// </summary>
internal sealed class FallsAhead(ScoringRules rules)
{
    private const int CandidatesMax = 500;

    private readonly Soonest<(StoredCustomer Customer, double Value)> candidates = new(CandidatesMax);
    private readonly Soonest<Fall> pending = new(CandidatesMax);

    /// <summary>Considers a customer.</summary>
    public void Add(StoredCustomer customer, ref readonly CustomerState state, ref readonly ColdState cold, double value)
    {
        if (state.DeadlineMs < long.MaxValue)
            candidates.Add((customer, value), state.DeadlineMs);
        foreach (TierScheme scheme in rules.Schemes)
        {
            SchemeState held = SchemeState.Of(scheme.Id, in state, in cold);
            // A drop of an absolute scheme is the customer's deadline as well, and then also its target is known.
            if (!held.InGrace || !scheme.IsRelative)
                continue;
            long dropMs = scheme.DropMs(in held);
            string tier = scheme.TierName(scheme.TierOf(in held));
            pending.Add(new Fall(Id(customer), scheme.Name, tier, null, Utc(dropMs), Fall.PendingDrop, Math.Round(value, 2)), dropMs);
        }
    }

    /// <summary>The falls, soonest first, complete up to the instant that the report names.</summary>
    public FallsReport Report(long nowUnixMs)
    {
        long untilMs = Math.Min(candidates.LimitMs ?? nowUnixMs + Deadlines.WindowMs, pending.LimitMs ?? long.MaxValue);
        IEnumerable<Fall> falls = candidates.Items
            .SelectMany(candidate => Silent(candidate.Customer, candidate.Value, untilMs))
            .Concat(pending.Items)
            .Where(fall => fall.At <= Utc(untilMs))
            .OrderBy(fall => fall.At);
        return new FallsReport(rules.Policy.BaseCurrency, Utc(nowUnixMs), Utc(untilMs), [.. falls]);
    }

    private List<Fall> Silent(StoredCustomer customer, double value, long untilMs)
    {
        StoredState.Read(customer, out CustomerState state, out ColdState cold);
        var changes = new TierChangeBuffer();
        Scorer.Elapse(ref state, ref cold, untilMs, rules, Population.None, changes);
        var falls = new List<Fall>();
        foreach (ref readonly TierChange change in changes.Changes)
        {
            SchemeId id = change.Scheme;
            TierScheme scheme = rules.Schemes.First(each => each.Id == id);
            if (change.Direction == TierDirection.Down && falls.TrueForAll(fall => fall.Scheme != scheme.Name))
                falls.Add(new Fall(
                    Id(customer), scheme.Name, scheme.TierName(change.From), scheme.TierName(change.To), Utc(change.AtMs), Fall.Silence, Math.Round(value, 2)));
        }
        return falls;
    }

    private static string Id(StoredCustomer customer) => Encoding.UTF8.GetString(customer.CustomerId);

    private static DateTime Utc(long unixMs) => DateTimeOffset.FromUnixTimeMilliseconds(unixMs).UtcDateTime;
}

/// <summary>The falls ahead.</summary>
/// <param name="Currency">ISO 4217 code of all money here.</param>
/// <param name="AsOf">When they were found; null before the first event.</param>
/// <param name="Until">No fall before this instant is missing.</param>
/// <param name="Items">Soonest first.</param>
public sealed record FallsReport(string Currency, DateTime? AsOf, DateTime? Until, IReadOnlyList<Fall> Items);

/// <summary>A fall that comes by silence alone.</summary>
/// <param name="CustomerId">Who.</param>
/// <param name="Scheme">Scheme.</param>
/// <param name="From">Tier held.</param>
/// <param name="To">Tier after; null when the population will decide it.</param>
/// <param name="At">When.</param>
/// <param name="Kind"><see cref="PendingDrop"/> or <see cref="Silence"/>.</param>
/// <param name="CustomerValue">What is at stake, in base currency.</param>
public sealed record Fall(string CustomerId, string Scheme, string From, string? To, DateTime At, string Kind, double CustomerValue)
{
    /// <summary>Grace runs out; the population may still move before.</summary>
    public const string PendingDrop = "pending-drop";

    /// <summary>Solved: exactly then.</summary>
    public const string Silence = "silence";
}
