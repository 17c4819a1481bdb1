using StreamScorer.Scoring.Events;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Populations;
using StreamScorer.Scoring.State;
using StreamScorer.Scoring.Tiers;
using Xunit;

namespace StreamScorer.Scoring.Tests.Signals;

public sealed class AllocationTests
{
    public static TheoryData<EventType> Types => [.. Enum.GetValues<EventType>().Except([EventType.Erase, EventType.Clock])];

    [Theory]
    [MemberData(nameof(Types))]
    public void Applying_an_event_allocates_nothing(EventType type)
    {
        var plain = new PlainEvent(type, PlainEvent.At("2026-01-01"), 10, 3)
        {
            Category = "tea",
            Place = "Berlin",
            Rating = 4,
            Factor = 1,
            Phase = SalePhase.After,
            Information = InformationAction.Used,
            Points = 2,
            EndingReason = EndingReason.Moved,
            EndingTime = PlainEvent.At("2030-01-01"),
        };
        var changes = new TierChangeBuffer();
        CustomerEvent e = plain.ToEvent();
        // The least of several rounds: a row of the residual table, made when a number of repeats is first met, and the runtime's own bookkeeping on this thread count
        // too, but not every time.
        long least = long.MaxValue;
        for (int round = 0; round < 4; round++)
        {
            var customer = new Customer();
            e = plain.ToEvent();
            Apply(customer, PlainEvent.Purchase("2026-01-01", 10).ToEvent(), changes);
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 20; i++)
                ApplyNext(customer, ref e, changes);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            Assert.Equal(21, customer.Applied);
        }

        Assert.Equal(0, least);
    }

    private static void ApplyNext(Customer customer, ref CustomerEvent e, TierChangeBuffer changes)
    {
        e.TimeMs += BusinessCalendar.DayMs;
        e.EventIdHash++;
        Apply(customer, in e, changes);
    }

    private static void Apply(Customer customer, in CustomerEvent e, TierChangeBuffer changes)
    {
        changes.Clear();
        Scorer.Apply(ref customer.State, ref customer.Cold, in e, SignalRules.Berlin, Population.None, changes, out _);
        customer.Applied++;
    }

    private sealed class Customer
    {
        public CustomerState State;
        public ColdState Cold;
        public int Applied;
    }
}
