using System.Globalization;
using System.Text;
using StreamScorer.Scoring.Events;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Signals;
using StreamScorer.Scoring.State;

namespace StreamScorer.Scoring.Tests.Signals;

/// <summary>An event as a person would write it down, with money as decimals.</summary>
internal sealed record PlainEvent(EventType Type, DateTimeOffset Time, decimal Amount = 0, decimal Cost = 0)
{
    public string Category { get; init; } = "";

    public string Place { get; init; } = "";

    public CostReason CostReason { get; init; }

    public double Rating { get; init; }

    public int Factor { get; init; }

    public SalePhase Phase { get; init; }

    public decimal Gain { get; init; }

    public int Severity { get; init; } = 1;

    public bool Resolved { get; init; }

    public InformationAction Information { get; init; }

    public int Points { get; init; }

    public decimal Benefit { get; init; }

    public EndingReason EndingReason { get; init; }

    public DateTimeOffset? EndingTime { get; init; }

    public bool IsInduced { get; init; }

    public static PlainEvent Purchase(string time, decimal amount, decimal cost = 0) => new(EventType.Purchase, At(time), amount, cost);

    public static PlainEvent Refund(string time, decimal amount, decimal costReturned = 0) => new(EventType.Refund, At(time), amount, costReturned);

    public static PlainEvent Of(EventType type, string time, decimal amount = 0) => new(type, At(time), amount);

    /// <summary>A day or an instant, in UTC unless it says otherwise.</summary>
    public static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    /// <summary>Short, because a counterexample has many.</summary>
    public override string ToString() => FormattableString.Invariant($"{Type} {Time:yyyy-MM-ddTHH:mm} {Amount} {Cost} {Category} {Rating}");

    /// <summary>The event as the decoder would give it.</summary>
    public CustomerEvent ToEvent() => new()
    {
        Type = Type,
        TimeMs = Time.ToUnixTimeMilliseconds(),
        Amount = (long)(Amount * Money.Unit),
        Cost = (long)(Cost * Money.Unit),
        CategoryHash = Category.Length == 0 ? 0 : StableHash.Of(Encoding.UTF8.GetBytes(Category)),
        Place = Encoding.UTF8.GetBytes(Place),
        CostReason = CostReason,
        Rating = Rating,
        Factor = Factor,
        Phase = Phase,
        Gain = (long)(Gain * Money.Unit),
        Severity = Severity,
        Resolved = Resolved,
        Information = Information,
        Points = Points,
        Benefit = (long)(Benefit * Money.Unit),
        EndingReason = EndingReason,
        EndingMs = (EndingTime ?? Time).ToUnixTimeMilliseconds(),
        IsInduced = IsInduced,
    };
}

/// <summary>A customer's aggregates after a list of events, in the order given.</summary>
internal sealed class Folded
{
    private CustomerState state;
    private ColdState cold;

    public Folded(ScoringRules rules, params IEnumerable<PlainEvent> events)
    {
        Rules = rules;
        foreach (PlainEvent plain in events)
            Lateness = Aggregation.Add(ref state, ref cold, plain.ToEvent(), rules);
    }

    public ScoringRules Rules { get; }

    /// <summary>Lateness of the last event.</summary>
    public Lateness Lateness { get; }

    public ref readonly CustomerState State => ref state;

    public ref readonly ColdState Cold => ref cold;

    public CustomerSignals At(string time) => new(in state, in cold, Rules, PlainEvent.At(time).ToUnixTimeMilliseconds());

    public CustomerSignals At(long unixMs) => new(in state, in cold, Rules, unixMs);
}
