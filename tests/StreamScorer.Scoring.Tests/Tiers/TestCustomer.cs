using System.Globalization;
using System.Text;
using StreamScorer.Scoring.Events;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Populations;
using StreamScorer.Scoring.Signals;
using StreamScorer.Scoring.State;
using StreamScorer.Scoring.Tiers;

namespace StreamScorer.Scoring.Tests.Tiers;

/// <summary>One customer and what became of it, driven by events and silence as the engine does it.</summary>
internal sealed class TestCustomer(ScoringRules rules, Population? population = null)
{
    /// <summary>The default policy, made ready once: its residual table takes some tenths of a second.</summary>
    public static readonly ScoringRules DefaultRules = new(new ScoringPolicy());

    private readonly TierChangeBuffer buffer = new();
    private ColdState cold;
    private CustomerState state;
    private int events;

    public ref CustomerState State => ref state;

    public ref ColdState Cold => ref cold;

    /// <summary>All transitions and notices so far.</summary>
    public List<TierChange> Changes { get; } = [];

    public Population Population { get; set; } = population ?? Population.None;

    public static long Ms(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).ToUnixTimeMilliseconds();

    public static ulong Hash(string id) => StableHash.Of(Encoding.UTF8.GetBytes(id));

    public TestCustomer Purchase(string time, double amount, double cost = 0, string? id = null, string? category = null) => Apply(new CustomerEvent
    {
        Type = EventType.Purchase,
        TimeMs = Ms(time),
        Amount = Money.FromDouble(amount),
        Cost = Money.FromDouble(cost),
        CategoryHash = category is null ? 0 : Hash(category),
        EventIdHash = id is null ? 0 : Hash(id),
    });

    public TestCustomer PurchaseEvery(int days, int count, double amount, string from = "2024-01-01")
    {
        DateTimeOffset first = DateTimeOffset.FromUnixTimeMilliseconds(Ms(from));
        for (int i = 0; i < count; i++)
            Purchase(first.AddDays(i * days).ToString("O"), amount);
        return this;
    }

    public TestCustomer Refund(string time, double amount, string? of = null) => Apply(new CustomerEvent
    {
        Type = EventType.Refund,
        TimeMs = Ms(time),
        Amount = Money.FromDouble(amount),
        RefundOfHash = of is null ? 0 : Hash(of),
    });

    public TestCustomer Cost(string time, double amount) => Apply(new CustomerEvent { Type = EventType.Cost, TimeMs = Ms(time), Amount = Money.FromDouble(amount) });

    public TestCustomer Contact(string time) => Apply(new CustomerEvent { Type = EventType.Contact, TimeMs = Ms(time) });

    public TestCustomer Default(string time) => Apply(new CustomerEvent { Type = EventType.Default, TimeMs = Ms(time) });

    public TestCustomer Defect(string time) => Apply(new CustomerEvent { Type = EventType.Defection, TimeMs = Ms(time) });

    public TestCustomer Refer(string time) => Apply(new CustomerEvent { Type = EventType.Referral, TimeMs = Ms(time) });

    public TestCustomer Complain(string time, int severity) => Apply(new CustomerEvent { Type = EventType.Complaint, TimeMs = Ms(time), Severity = severity });

    public TestCustomer Rate(string time, double rating) => Apply(new CustomerEvent { Type = EventType.Satisfaction, TimeMs = Ms(time), Rating = rating });

    public TestCustomer End(string time, string endsAt, EndingReason reason) =>
        Apply(new CustomerEvent { Type = EventType.Ending, TimeMs = Ms(time), EndingMs = Ms(endsAt), EndingReason = reason });

    /// <summary>Nothing happens until an instant, inclusive.</summary>
    public TestCustomer Silence(string until)
    {
        buffer.Clear();
        Scorer.Elapse(ref state, ref cold, Ms(until), rules, Population, buffer);
        Changes.AddRange(buffer.Changes);
        return this;
    }

    /// <summary>The tier that a scheme gives at an instant to who holds nothing yet.</summary>
    public string FirstTier(TierScheme scheme, string time)
    {
        SchemeState held = default;
        var signals = new CustomerSignals(in state, in cold, rules, Ms(time));
        scheme.Step(ref held, in signals, in state, Population);
        return scheme.TierName(scheme.TierOf(in held));
    }

    /// <summary>The tier held in a scheme.</summary>
    public string Held(string scheme)
    {
        TierScheme found = rules.Schemes.Single(s => s.Name == scheme);
        SchemeState held = SchemeState.Of(found.Id, in state, in cold);
        return found.TierName(found.TierOf(in held));
    }

    /// <summary>Signals at an instant.</summary>
    public T At<T>(string time, Func<CustomerSignals, T> signal) => signal(new CustomerSignals(in state, in cold, rules, Ms(time)));

    /// <summary>The changes in a scheme as lines: day, direction, from and to.</summary>
    public string[] Story(string scheme)
    {
        TierScheme found = rules.Schemes.Single(s => s.Name == scheme);
        return [.. Changes.Where(c => c.Scheme == found.Id).Select(c => string.Create(CultureInfo.InvariantCulture,
            $"{DateTimeOffset.FromUnixTimeMilliseconds(c.AtMs):yyyy-MM-dd} {c.Direction} {found.TierName(c.From)} {found.TierName(c.To)}"))];
    }

    private TestCustomer Apply(CustomerEvent e)
    {
        if (e.EventIdHash == 0)
            e.EventIdHash = Hash("event " + ++events);
        buffer.Clear();
        Scorer.Apply(ref state, ref cold, in e, rules, Population, buffer, out _);
        Scoring.Deadlines.Arm(ref state, ref cold, rules, state.LastAssessedMs);
        Changes.AddRange(buffer.Changes);
        return this;
    }
}
