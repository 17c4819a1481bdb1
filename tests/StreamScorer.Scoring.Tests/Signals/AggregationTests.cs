using StreamScorer.Scoring.Events;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Signals;
using StreamScorer.Scoring.State;
using Xunit;
using static StreamScorer.Scoring.Tests.Signals.PlainEvent;

namespace StreamScorer.Scoring.Tests.Signals;

public sealed class AggregationTests
{
    private static readonly ScoringRules Rules = SignalRules.Default;

    [Fact]
    public void Purchases_refunds_and_costs_add_up_exactly()
    {
        var customer = new Folded(Rules, Purchase("2026-01-01", 100.10m, cost: 60), Purchase("2026-02-01", 0.30m), Refund("2026-02-03", 50.40m, costReturned: 30),
            Of(EventType.Cost, "2026-02-04", 5));

        Assert.Equal((1_004_000, 504_000, 350_000), (customer.State.Revenue, customer.State.Refunds, customer.State.Cost));
        Assert.Equal(150_000, customer.State.Profit); // 100.40 - 50.40 - (60 - 30 + 5)
        Assert.Equal((2, 2, 3_000, 1_001_000), (customer.State.PurchaseCount, customer.State.PurchaseDays, customer.State.TicketMin, customer.State.TicketMax));
        Assert.Equal((1_001_000, 401_000, 1), (customer.State.FirstDayRevenue, customer.State.FirstDayProfit, customer.State.FirstDayPurchases));
    }

    [Fact]
    public void A_thousand_purchases_of_one_day_are_one_purchase_day()
    {
        DateTimeOffset noon = At("2026-01-01T00:00:00Z");
        var customer = new Folded(Rules, Enumerable.Range(0, 1000).Select(i => new PlainEvent(EventType.Purchase, noon.AddSeconds(86 * i), 1)));

        Assert.Equal((1000, 1, 1000), (customer.State.PurchaseCount, customer.State.PurchaseDays, customer.State.FirstDayPurchases));
        Assert.Equal(0, customer.At("2026-01-02").History.Repeats);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(BusinessCalendar.DayMs)]
    [InlineData(10_000 * BusinessCalendar.DayMs)]
    public void Signals_decay_as_the_stored_sums_do(long ms) =>
        Assert.Equal(1, Rules.FastDecay.NearlyOverMs(ms) / Rules.FastDecay.OverMs(ms), 1e-13);

    [Fact]
    public void A_leap_day_is_a_day_like_any_other()
    {
        var customer = new Folded(Rules, Purchase("2024-02-28", 1), Purchase("2024-02-29", 1), Purchase("2024-03-01", 1));

        Assert.Equal((3, 0b111UL), (customer.State.PurchaseDays, customer.State.RecentPurchaseDays));
        Assert.Equal(2 / 7.0, customer.At("2024-03-01").History.Recency, 12);
    }

    [Fact]
    public void A_purchase_belongs_to_the_business_day()
    {
        // 22:30 and 23:30 UTC are 00:30 and 01:30 of the next day in Berlin's summer.
        Folded In(ScoringRules rules) => new(rules, Purchase("2026-06-30T12:00:00Z", 1), Purchase("2026-06-30T22:30:00Z", 1), Purchase("2026-07-01T12:00:00Z", 1));

        Assert.Equal((2, 2), (In(Rules).State.PurchaseDays, In(SignalRules.Berlin).State.PurchaseDays));
        Assert.Equal((2, 1), (In(Rules).State.FirstDayPurchases, In(SignalRules.Berlin).State.FirstDayPurchases));
    }

    [Fact]
    public void A_purchase_up_to_63_days_late_is_counted_exactly()
    {
        var customer = new Folded(Rules, Purchase("2026-01-01", 1), Purchase("2026-05-01", 1), Purchase("2026-02-27", 1), Purchase("2026-02-27T08:00:00Z", 1));

        Assert.Equal(3, customer.State.PurchaseDays);
        Assert.Equal(Lateness.Late, customer.Lateness);
    }

    [Fact]
    public void A_later_one_counts_as_a_new_day_and_says_so()
    {
        var customer = new Folded(Rules, Purchase("2026-01-01", 1), Purchase("2026-01-05", 1), Purchase("2026-05-01", 1), Purchase("2026-01-05", 1));

        Assert.Equal((4, Lateness.LateInexact), (customer.State.PurchaseDays, customer.Lateness));
    }

    [Fact]
    public void A_purchase_before_all_others_is_a_new_day_however_late()
    {
        var customer = new Folded(Rules, Purchase("2026-05-01", 7), Purchase("2020-01-01", 3, cost: 1));

        Assert.Equal((2, Lateness.Late), (customer.State.PurchaseDays, customer.Lateness));
        Assert.Equal((30_000, 20_000, 1), (customer.State.FirstDayRevenue, customer.State.FirstDayProfit, customer.State.FirstDayPurchases));
    }

    [Theory]
    // Amounts by day, and the repeat days with spend that they amount to; the first day never counts.
    [InlineData("10 0 20", 1)]
    [InlineData("0 0 20", 1)]
    [InlineData("0 0 0", 0)]
    [InlineData("0 5 0+3", 2)]
    [InlineData("0+4 5 0", 1)]
    [InlineData("0+0 0+0 0+0+1", 1)]
    public void Days_without_any_spend_count_for_the_purchase_model_only(string amountsByDay, int spendDays)
    {
        PlainEvent[] events = [.. amountsByDay.Split(' ').SelectMany((amounts, day) =>
            amounts.Split('+').Select(amount => new PlainEvent(EventType.Purchase, At("2026-01-01").AddDays(day), decimal.Parse(amount))))];

        foreach (IEnumerable<PlainEvent> order in (IEnumerable<PlainEvent>[])[events, events.Reverse(), events.OrderBy(e => e.Amount)])
        {
            CustomerSignals signals = new Folded(Rules, order).At("2026-02-01");
            Assert.Equal((2, spendDays), (signals.History.Repeats, signals.SpendDays));
        }
    }

    [Fact]
    public void Paid_customers_have_no_rare_record() =>
        Assert.True(new Folded(Rules, Purchase("2026-01-01", 1), Refund("2026-01-02", 5)).Cold.IsEmpty);

    [Fact]
    public void Statements_of_the_rare_record_do_not_depend_on_their_order()
    {
        PlainEvent[] events =
        [
            Of(EventType.Wallet, "2026-01-01", 100), Of(EventType.Wallet, "2026-03-01", 50), Of(EventType.Wallet, "2026-03-01", 60),
            Of(EventType.Default, "2026-01-05", 10), Of(EventType.Default, "2026-01-02", 20),
            Of(EventType.Defection, "2026-01-03"), Of(EventType.Defection, "2026-02-03") with { IsInduced = true },
            Of(EventType.Ending, "2026-01-03") with { EndingReason = EndingReason.Moved, EndingTime = At("2026-12-31") },
            Of(EventType.Ending, "2026-02-03") with { EndingReason = EndingReason.Death, EndingTime = At("2027-12-31") },
            Of(EventType.Cost, "2026-01-01", 30) with { CostReason = CostReason.Acquisition }, Of(EventType.Cost, "2026-01-01", 7) with { CostReason = CostReason.Service },
            Of(EventType.Information, "2026-01-01") with { Information = InformationAction.Collected, Points = 4, Cost = 2 },
            Of(EventType.Information, "2026-01-02") with { Information = InformationAction.Used, Points = 1, Benefit = 9 },
        ];
        ColdState cold = new Folded(Rules, events).Cold, reversed = new Folded(Rules, events.Reverse()).Cold;

        Assert.Equal(ColdState.AsBytes(in cold).ToArray(), ColdState.AsBytes(in reversed).ToArray());
        Assert.Equal((600_000, 2, 300_000), (cold.Wallet.AmountAYear, cold.Defaults.Count, cold.Defaults.Amount));
        Assert.Equal(DefectionFacts.Happened | DefectionFacts.Induced, cold.Defection.Facts);
        Assert.Equal((EndingReason.Death, At("2026-02-03").ToUnixTimeMilliseconds()), (cold.Ending.Reason, cold.Ending.EndMs));
        Assert.Equal((300_000, 70_000), (cold.AcquisitionCost, cold.CostToServe));
        Assert.Equal((4, 1, 20_000, 90_000), (cold.Information.PointsCollected, cold.Information.PointsUsed, cold.Information.Cost, cold.Information.Benefit));
    }

    [Fact]
    public void Decayed_sums_halve_in_their_half_life()
    {
        PlainEvent[] events =
        [
            Of(EventType.Contact, "2026-01-01"), Of(EventType.Contact, "2026-06-30"), Of(EventType.Response, "2026-06-30"),
            Of(EventType.Complaint, "2026-04-01") with { Severity = 2 }, Of(EventType.Complaint, "2026-04-01") with { Severity = 3, Resolved = true },
            Of(EventType.Referral, "2025-06-30"),
            Of(EventType.Satisfaction, "2026-01-01") with { Rating = 5, Phase = SalePhase.After, Factor = 2 },
            Of(EventType.Satisfaction, "2026-06-30") with { Rating = 3 },
        ];
        ColdState cold = new Folded(Rules, events.Reverse()).Cold;

        // From 2026-01-01 to 2026-06-30 are 180 days, from 2026-04-01 are 90, from 2025-06-30 are 365: one half-life each.
        Assert.Equal((1.5, 1.0), (cold.Responses.DecayedContacts, cold.Responses.DecayedResponses));
        Assert.Equal((1.0, 1.5), (cold.Complaints.DecayedUnresolved, cold.Complaints.DecayedResolved));
        Assert.Equal(0.5, cold.Referrals.Decayed);
        Assert.Equal((1.5, 0.5 * 1 + 1 * 0.5), (cold.Satisfaction.Weight, cold.Satisfaction.WeightedRating));
        Assert.Equal((0.5f, 0.5f), (cold.Satisfaction.Phases[2].Weight, cold.Satisfaction.Factors[1].WeightedRating));
    }
}
