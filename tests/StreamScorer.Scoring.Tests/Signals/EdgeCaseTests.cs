using StreamScorer.Scoring.Events;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Signals;
using Xunit;
using static StreamScorer.Scoring.Tests.Signals.PlainEvent;

namespace StreamScorer.Scoring.Tests.Signals;

/// <summary>What the signals say of customers at the edges.</summary>
public sealed class EdgeCaseTests
{
    private static readonly ScoringRules Rules = SignalRules.Default;

    [Fact]
    public void A_newcomer_is_alive_with_b_over_a_plus_b_and_has_no_trend()
    {
        CustomerSignals s = new Folded(Rules, Purchase("2026-01-01", 50)).At("2026-01-01");

        Assert.Equal(1.614 / (0.891 + 1.614), s.AliveProbability, 12);
        Assert.Equal((1.0, 1.0), (s.Trend, s.Purchases.PurchaseTrend));
        Assert.Null(s.Relationship.SustainedValue);
        Assert.Null(s.Degrees.RetentionObserved);
        Assert.Equal(6.25 * 15.44 / 2.74, s.ExpectedSpend, 12); // the prior mean of the spend model
        Assert.Equal(0.25, s.Purchases.CycleYears);
    }

    [Fact]
    public void Without_a_purchase_there_is_no_future()
    {
        CustomerSignals s = new Folded(Rules, Of(EventType.Cost, "2026-01-01", 30)).At("2026-02-01");

        Assert.Equal((-30.0, -30.0, 0.0, 0.0), (s.DecayedProfit, s.CustomerValue, s.ResidualValue, s.AliveProbability));
        Assert.Equal((0.0, 0.0, 0.0), (s.Values.CurrentValue, s.Purchases.Ticket, s.Purchases.RfmFrequency));
        Assert.Equal(double.PositiveInfinity, s.Purchases.RfmRecencyDays);
        Assert.Equal(long.MaxValue, s.Purchases.NextPurchaseExpectedMs);
        Assert.Equal(RetentionDecision.Divest, s.Relationship.RetentionDecision);
    }

    [Fact]
    public void A_loss_is_frozen_and_silence_does_not_heal_it()
    {
        var customer = new Folded(Rules, Purchase("2026-01-01", 20, cost: 90));

        Assert.Equal(-70, customer.At("2026-01-01").DecayedProfit);
        Assert.Equal(-70, customer.At("2030-01-01").DecayedProfit);
        Assert.True(customer.At("2026-01-01").Values.CurrentValueIfAlive < 0);
        Assert.True(customer.At("2026-01-01").Values.GrowthValue <= 0);
    }

    [Fact]
    public void Refunds_larger_than_the_purchases_leave_no_spend_but_a_negative_total()
    {
        CustomerSignals s = new Folded(Rules, Purchase("2026-01-01", 10), Purchase("2026-01-08", 10), Refund("2026-01-09", 100)).At("2026-01-09");

        Assert.Equal((-80.0, -80 / 2.0), (s.Purchases.RevenueTotal, s.Purchases.Ticket));
        Assert.Equal(6.25 * (15.44 + 0) / (6.25 * 1 + 2.74), s.ExpectedSpend, 12); // one repeat day on which nothing was spent
        Assert.Equal((0.2, 0.0), (s.MarginRate, s.Purchases.RfmMonetary)); // (-80 + 100) / (0 + 100)
        Assert.Equal(2, s.History.Repeats + 1); // the days stay
    }

    [Fact]
    public void A_free_plan_has_purchase_days_and_the_prior_spend()
    {
        CustomerSignals s = new Folded(Rules, Purchase("2026-01-01", 0), Purchase("2026-01-08", 0), Purchase("2026-01-15", 0)).At("2026-01-15");

        Assert.Equal((2, 0), (s.History.Repeats, s.SpendDays));
        Assert.Equal(6.25 * 15.44 / 2.74, s.ExpectedSpend, 12);
        Assert.Equal(1, s.Trend); // nothing came in: no slow rate to compare with
    }

    [Theory]
    // Rounding leaves 2.8e-14 and 1.4e-14 of the two sums, whose rates would be a trend of 1.97; in the second case one of -0.63.
    [InlineData(99.93, 5)]
    [InlineData(60, 9)]
    public void Repeats_without_profit_have_no_trend_whatever_rounding_leaves(double firstProfit, int stepDays)
    {
        IEnumerable<PlainEvent> repeats = Enumerable.Range(1, 7).Select(i => new PlainEvent(EventType.Purchase, At("2026-01-01").AddDays(i * stepDays), 5, 5));
        var customer = new Folded(Rules, [Purchase("2026-01-01", (decimal)firstProfit), .. repeats]);

        Assert.Equal(1, customer.At("2026-03-10").Trend);
    }

    [Fact]
    public void A_century_of_history_stays_finite()
    {
        var customer = new Folded(Rules, Enumerable.Range(0, 101).Select(year => new PlainEvent(EventType.Purchase, At("1926-07-04").AddYears(year), 10, 4)));
        CustomerSignals s = customer.At("2126-07-04");

        Assert.Equal((101, 10_100_000), (customer.State.PurchaseDays, customer.State.Revenue));
        Assert.Equal((0.25 + 100) / 101, customer.At("2026-07-04").Purchases.CycleYears, 3);
        Assert.All((double[])[s.CustomerValue, s.Values.HistoricalValue, s.Trend, s.AliveProbability, s.Values.GrowthValue, s.Purchases.RfmMonetary],
            value => Assert.True(double.IsFinite(value)));
        // 6 a year for 100 years at 10 % a year: 6 (1.1^101 - 1) / .1 as of the last purchase.
        Assert.Equal(6 * (Math.Pow(1.1, 101) - 1) / 0.1, customer.At("2026-07-04").Values.HistoricalValue, 6 * Math.Pow(1.1, 101) * 0.01);
    }

    [Fact]
    public void A_known_ending_cuts_the_horizon_and_then_ends_everything()
    {
        PlainEvent[] purchases = [Purchase("2026-01-01", 50), Purchase("2026-02-01", 50), Purchase("2026-03-01", 50)];
        PlainEvent moving = Of(EventType.Ending, "2026-03-01") with { EndingReason = EndingReason.Moved, EndingTime = At("2026-08-30T15:00:00Z") };
        Folded staying = new(Rules, purchases), leaving = new(Rules, [.. purchases, moving]);

        // From 1 March 00:00 to 30 August 15:00 are 182.625 days: half a year.
        Assert.Equal(0.5, leaving.At("2026-03-01").HorizonYears, 12);
        Assert.Equal(staying.At("2026-03-01").AliveProbability, leaving.At("2026-03-01").AliveProbability);
        Assert.InRange(leaving.At("2026-03-01").ResidualValue / staying.At("2026-03-01").ResidualValue, 0.15, 0.5);
        Assert.True(leaving.At("2026-08-30T14:59:59Z").ResidualValue > 0);
        CustomerSignals ended = leaving.At("2026-08-30T15:00:00Z");
        Assert.Equal((true, 0.0, 1.0, 0.0, 0.0), (ended.HasEnded, ended.AliveProbability, ended.ChurnRisk, ended.ResidualValue, ended.Values.CurrentValue));
    }

    [Fact]
    public void Death_ends_at_once_whatever_date_is_given()
    {
        var customer = new Folded(Rules, Purchase("2026-01-01", 50),
            Of(EventType.Ending, "2026-02-01") with { EndingReason = EndingReason.Death, EndingTime = At("2026-12-31") });
        Assert.True(customer.At("2026-02-01").HasEnded);
    }

    [Fact]
    public void A_purchase_after_the_end_shows_it_to_be_wrong()
    {
        var customer = new Folded(Rules, Purchase("2026-01-01", 50), Of(EventType.Ending, "2026-02-01") with { EndingReason = EndingReason.Closure }, Purchase("2026-03-01", 5));
        Assert.False(customer.At("2026-03-01").IsEnding);
        Assert.True(customer.At("2026-03-01").AliveProbability > 0);
    }

    [Fact]
    public void The_trend_of_growth_value_is_capped()
    {
        CustomerSignals s = new Folded(Rules, Purchase("2024-01-01", 10), Purchase("2025-12-20", 50), Purchase("2026-01-01", 60)).At("2026-01-01");

        Assert.InRange(s.Trend, 3.1, 4);
        Assert.Equal(2 * s.Values.CurrentValueIfAlive, s.Values.GrowthValue, 9);
        Assert.Equal((s.Trend - 1) * s.Values.CurrentValueIfAlive, s.Values.GrowthValueUncapped, 9);
    }

    [Theory]
    [InlineData(0, 3, 3)]
    [InlineData(0.1, 3, 2.6092197)] // (1 - 1.1^-3) / ln 1.1
    public void A_continuous_flow_has_its_present_value(double rate, double years, double worked) => Assert.Equal(worked, Annuity.Continuous(rate, years), 6);

    [Theory]
    [InlineData(0, 3, 3)]
    [InlineData(0.1, 3, 2.4868520)] // 1/1.1 + 1/1.21 + 1/1.331
    public void Yearly_payments_have_their_present_value(double rate, double years, double worked) => Assert.Equal(worked, Annuity.YearEnd(rate, years), 6);

    [Fact]
    public void The_published_loss_value_is_met() => Assert.Equal(5393.5, RelationshipSignals.LossOf(3540, 1150, 0.15), 10);

    [Fact]
    public void The_cost_of_winning_and_of_serving_a_customer_are_told_apart()
    {
        CustomerSignals s = new Folded(Rules, Purchase("2026-01-01", 100, 40), Of(EventType.Cost, "2026-01-01", 50) with { CostReason = CostReason.Acquisition },
            Of(EventType.Cost, "2026-01-02", 12) with { CostReason = CostReason.Service }).At("2026-01-02");

        // Profit 100 - 40 - 50 - 12 = -2; P0 = 48 before C0 = 50.
        Assert.Equal((48.0, 50.0, false), (s.Relationship.ProfitBeforeAcquisition, s.Relationship.AcquisitionCost, s.Relationship.IsWorthKeeping));
        Assert.Equal(12, s.Relationship.CostToServePerYear);
        Assert.Equal(s.AliveProbability * 10 / 0.25, s.Relationship.ExpectedMarginPerYear, 12); // (-2 + 12) a day, every .25 years
    }

    [Fact]
    public void A_share_of_no_total_or_of_no_wallet_is_not_defined()
    {
        CustomerSignals s = new Folded(Rules, Purchase("2026-01-01", 100)).At("2026-01-02");
        Assert.Null(s.Values.ContributionShare(0));
        Assert.Null(s.Values.ContributionShare(-5));
        Assert.Null(s.Degrees.ContributionDegree(0));
        Assert.Null(s.Relationship.CustomerShare);
        Assert.Equal(s.Values.HistoricalValue / 500, s.Degrees.ContributionDegree(500)!.Value, 12);
        Assert.Equal(s.Values.ClpBroad / 500, s.Degrees.ContributionWithPotential(500)!.Value, 12);
    }

    [Fact]
    public void Satisfaction_is_told_apart_by_phase_and_by_factor()
    {
        CustomerSignals s = new Folded(Rules, Of(EventType.Satisfaction, "2026-01-01") with { Rating = 5, Phase = SalePhase.Before, Factor = 1 },
            Of(EventType.Satisfaction, "2026-01-01") with { Rating = 1, Phase = SalePhase.After, Factor = 2 }).At("2026-01-01");

        // One rating and the prior of 1/2: (1 + .5) / 2 and (0 + .5) / 2; without any it is the prior.
        Assert.Equal((0.75, 0.5, 0.25), (s.Degrees.SatisfactionIn(SalePhase.Before), s.Degrees.SatisfactionIn(SalePhase.During), s.Degrees.SatisfactionIn(SalePhase.After)));
        Assert.Equal((0.75, 0.25, 0.5), (s.Degrees.SatisfactionWith(0), s.Degrees.SatisfactionWith(1), s.Degrees.SatisfactionWith(2)));
        Assert.Equal(0.5, s.Degrees.SatisfactionDegree);
    }

    [Fact]
    public void Retention_is_the_share_of_periods_with_a_purchase()
    {
        // Periods of 91 days since 1970: 224 begins on 2025-10-22, 225 on 2026-01-21, 226 on 2026-04-22, 227 on 2026-07-22.
        var customer = new Folded(Rules, Purchase("2025-10-22", 1), Purchase("2026-01-21", 1), Purchase("2026-07-22", 1));

        Assert.Equal(1 / 1.0, new Folded(Rules, Purchase("2025-10-22", 1), Purchase("2026-01-21", 1)).At("2026-04-21").Degrees.RetentionObserved);
        Assert.Equal(2 / 3.0, customer.At("2026-07-22").Degrees.RetentionObserved);
        Assert.Equal(2 / 3.0, customer.At("2026-10-20").Degrees.RetentionObserved); // period 227 is not over, but has its purchase
        Assert.Equal(2 / 3.0, customer.At("2026-10-21").Degrees.RetentionObserved); // period 228 has just begun
        Assert.Equal(2 / 4.0, customer.At("2027-01-20").Degrees.RetentionObserved); // and is over
    }
}
