using FsCheck;
using FsCheck.Fluent;
using StreamScorer.Scoring.Events;
using StreamScorer.Scoring.Policy;

namespace StreamScorer.Scoring.Tests.Signals;

/// <summary>Random customers' histories of every event type.</summary>
internal static class HistoryGenerators
{
    private static readonly DateTimeOffset Start = PlainEvent.At("2022-11-03T07:30:00Z");

    /// <summary>Zones with and without summer time.</summary>
    public static Gen<ScoringRules> Rules { get; } = Gen.Elements(SignalRules.Default, SignalRules.Berlin, SignalRules.Shanghai);

    /// <summary>A history of up to 40 events within some days, in order of time.</summary>
    public static Gen<PlainEvent[]> Within(int days) =>
        from count in Gen.Choose(1, 40)
        from events in Gen.ArrayOf(EventWithin(days), count)
        select events.OrderBy(e => e.Time).ToArray();

    /// <summary>The same events in another order.</summary>
    public static Gen<PlainEvent[]> Shuffled(PlainEvent[] events) => Gen.Shuffle(events);

    /// <summary>Runs a property on some cases from a fixed seed, throwing with the counterexample.</summary>
    public static void Holds<T>(Gen<T> cases, Func<T, bool> property) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(200).WithReplay(20260301, 31), Prop.ForAll(cases.ToArbitrary(), property));

    private static Gen<PlainEvent> EventWithin(int days) =>
        from minutes in Gen.Choose(0, days * 1440)
        from cents in Gen.Frequency((1, Gen.Constant(0)), (5, Gen.Choose(1, 50_000)))
        from part in Gen.Choose(0, 100)
        from whole in Gen.Choose(0, 1_000)
        from plain in Gen.Frequency(
            (8, Gen.Constant(new PlainEvent(EventType.Purchase, default, cents / 100m, Math.Round(cents * part / 20_000m, 4)) { Category = $"c{whole % 7}" })),
            (1, Gen.Constant(new PlainEvent(EventType.Refund, default, Math.Round((cents + 1) / 400m, 4), Math.Round(cents * part / 80_000m, 4)))),
            (4, Gen.Elements(Others(cents, whole))))
        select plain with { Time = Start.AddMinutes(minutes) };

    private static PlainEvent[] Others(int cents, int whole) =>
    [
        new(EventType.Cost, default, (cents + 1) / 1000m) { CostReason = (CostReason)(whole % 4) },
        new(EventType.Contact, default),
        new(EventType.Response, default),
        new(EventType.Satisfaction, default, 0, cents / 100m) { Rating = 1 + whole % 5, Factor = whole % 5, Phase = (SalePhase)(whole % 4), Gain = whole },
        new(EventType.Complaint, default) { Severity = 1 + whole % 3, Resolved = whole % 2 == 0 },
        new(EventType.Referral, default),
        new(EventType.Information, default, 0, cents / 1000m) { Information = (InformationAction)(1 + whole % 2), Points = 1 + whole, Benefit = whole },
        new(EventType.Wallet, default, cents + 1),
        new(EventType.Default, default, cents / 100m),
        new(EventType.Defection, default) { IsInduced = whole % 2 == 0 },
    ];
}
