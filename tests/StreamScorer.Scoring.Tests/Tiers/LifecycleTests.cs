using StreamScorer.Scoring.Events;
using StreamScorer.Scoring.Tiers;
using Xunit;

namespace StreamScorer.Scoring.Tests.Tiers;

/// <summary>Stages of the relationship by the default policy: theta1 = .5, theta2 = .3, margin .25, band .05, first period a year.</summary>
public sealed class LifecycleTests
{
    private static TestCustomer New => new(TestCustomer.DefaultRules);

    private static TransitionFlags LastFlags(TestCustomer customer) => customer.Changes[^1].Flags;

    [Fact]
    public void Prospect_acquisition_maturity_decline_exited()
    {
        TestCustomer customer = New.Contact("2024-01-01");
        Assert.Equal("prospect", customer.Held("lifecycle"));
        customer.Purchase("2024-01-05", 50);
        Assert.Equal("acquisition", customer.Held("lifecycle"));
        customer.PurchaseEvery(30, 12, 50, "2024-02-05");
        Assert.Equal("maturity", customer.Held("lifecycle"));
        customer.Silence("2034-01-01");
        Assert.Equal("exited", customer.Held("lifecycle"));
        Assert.Equal(["Decline decline", "Exited exited"], customer.Story("lifecycle")[^2..].Select(line => line.EndsWith("decline", StringComparison.Ordinal)
            ? "Decline decline" : "Exited exited"));
    }

    [Fact]
    public void A_one_time_buyer_declines_and_exits_without_ever_maturing() =>
        // The crossings of P(alive) = 1/2 and .3 by the published parameters: 12.9894 and 90.1079 weeks.
        Assert.Equal(
            ["2024-01-01 Enter unranked acquisition", "2024-03-31 Down acquisition decline", "2025-09-22 Down decline exited"],
            New.Purchase("2024-01-01", 100).Silence("2034-01-01").Story("lifecycle"));

    [Fact]
    public void Rising_trade_is_growth_and_growth_to_maturity_is_lateral()
    {
        TestCustomer customer = New.PurchaseEvery(30, 10, 20, "2023-01-01").PurchaseEvery(30, 4, 100, "2023-10-28");
        Assert.Equal("growth", customer.Held("lifecycle"));
        // Going on at the new pace, the slow rate catches up.
        customer.PurchaseEvery(30, 20, 100, "2024-02-25");
        Assert.Equal("maturity", customer.Held("lifecycle"));
        Assert.Equal(TierDirection.Lateral, customer.Changes.Last(c => c.Scheme == SchemeId.Lifecycle).Direction);
    }

    [Fact]
    public void Buying_again_after_exited_is_reactivated_until_the_next_exit()
    {
        TestCustomer customer = New.Purchase("2020-01-01", 100).Silence("2023-01-01");
        Assert.Equal("exited", customer.Held("lifecycle"));
        customer.Purchase("2023-01-02", 100);
        Assert.Equal("acquisition", customer.Held("lifecycle"));
        Assert.All(customer.Changes.Where(c => c.AtMs == TestCustomer.Ms("2023-01-02")), c => Assert.True(c.Flags.HasFlag(TransitionFlags.Reactivated)));
        Assert.Equal("lifecycle.reactivated", customer.Changes.Last(c => c.Scheme == SchemeId.Lifecycle).StrategyId);
        customer.Silence("2033-01-01");
        Assert.Equal("exited", customer.Held("lifecycle"));
        Assert.False(LastFlags(customer).HasFlag(TransitionFlags.Reactivated));
    }

    [Fact]
    public void Negative_value_is_harmful_at_the_end_of_the_first_period_and_not_before()
    {
        TestCustomer customer = New.Purchase("2024-01-01T08:00:00Z", 100).Cost("2024-01-02", 5000).Silence("2024-12-31");
        Assert.DoesNotContain("harmful", customer.Held("lifecycle"), StringComparison.Ordinal);
        // 365 days of 2024 end at the start of 31 December; harmful is what lies behind them.
        customer.Silence("2025-01-01");
        TierChange change = customer.Changes.Last(c => c.Scheme == SchemeId.Lifecycle);
        Assert.Equal(("harmful", TestCustomer.Ms("2024-12-31T00:00:01Z")), (customer.Held("lifecycle"), change.AtMs));
        Assert.Equal(TransitionCause.Silence, change.Cause);
    }

    [Theory]
    [InlineData("nothing known", TransitionFlags.None, "lifecycle.harmful")]
    [InlineData("did not pay", TransitionFlags.Deadbeat | TransitionFlags.Unwelcome, "harmful.deadbeat")]
    [InlineData("went to a competitor", TransitionFlags.Defector, "harmful.defector")]
    [InlineData("very dissatisfied", TransitionFlags.Problem, "harmful.problem")]
    public void Harmful_kinds(string why, TransitionFlags kind, string strategy)
    {
        TestCustomer customer = New.Purchase("2024-01-01", 100).Cost("2024-01-02", 5000);
        if (kind.HasFlag(TransitionFlags.Deadbeat))
            customer.Default("2024-12-20");
        if (kind == TransitionFlags.Defector)
            customer.Defect("2024-12-20");
        if (kind == TransitionFlags.Problem)
            customer.Rate("2024-12-20", 1).Complain("2024-12-20", 3);
        customer.Silence("2025-01-10");
        TierChange change = customer.Changes.Last(c => c.Scheme == SchemeId.Lifecycle);
        const TransitionFlags Kinds = TransitionFlags.Deadbeat | TransitionFlags.Unwelcome | TransitionFlags.Defector | TransitionFlags.Problem;
        Assert.True((kind, strategy) == (change.Flags & Kinds, change.StrategyId), $"{why}: {change.Flags} {change.StrategyId}");
    }

    [Theory]
    [InlineData("dissatisfied", TransitionFlags.InternalCause)]
    [InlineData("competitor", TransitionFlags.CompetitorCause)]
    [InlineData("moves next year", TransitionFlags.CustomerCause)]
    [InlineData("closes next year", TransitionFlags.EnvironmentCause)]
    [InlineData("unknown", TransitionFlags.None)]
    public void Decline_causes(string known, TransitionFlags cause)
    {
        TestCustomer customer = New.Purchase("2024-01-01", 100);
        customer = known switch
        {
            "dissatisfied" => customer.Rate("2024-03-29", 1).Complain("2024-03-29", 3),
            "competitor" => customer.Defect("2024-03-29"),
            "moves next year" => customer.End("2024-03-29", "2025-03-01", EndingReason.Moved),
            "closes next year" => customer.End("2024-03-29", "2025-03-01", EndingReason.Closure),
            _ => customer,
        };
        customer.Silence("2024-05-01");
        TierChange change = customer.Changes.Last(c => c.Scheme == SchemeId.Lifecycle);
        const TransitionFlags Causes =
            TransitionFlags.InternalCause | TransitionFlags.CompetitorCause | TransitionFlags.CustomerCause | TransitionFlags.EnvironmentCause;
        Assert.Equal(("decline", cause), (customer.Held("lifecycle"), change.Flags & Causes));
    }

    [Fact]
    public void An_ending_exits_at_its_date_and_death_at_once()
    {
        TestCustomer mover = New.PurchaseEvery(30, 12, 50).End("2024-12-01", "2025-01-15", EndingReason.Moved).Silence("2025-02-01");
        Assert.Equal("2025-01-15 Down maturity exited", mover.Story("lifecycle")[^1]);
        TestCustomer dead = New.PurchaseEvery(30, 12, 50).End("2024-12-01", "2024-12-01", EndingReason.Death);
        Assert.Equal("2024-12-01 Down maturity exited", dead.Story("lifecycle")[^1]);
        Assert.Equal("prospect", New.Contact("2024-01-01").Held("lifecycle"));
    }

    [Fact]
    public void Decline_by_trend_has_a_band_of_its_own()
    {
        // P(alive) stays high while twelve monthly purchases are followed by a long pause and small purchases: the trend falls below .7, and must rise above .8.
        TestCustomer customer = New.PurchaseEvery(15, 30, 100, "2023-01-01").PurchaseEvery(15, 4, 5, "2024-03-31");
        Assert.Equal("decline", customer.Held("lifecycle"));
        double trend = customer.At("2024-05-15", s => s.Trend), alive = customer.At("2024-05-15", s => s.AliveProbability);
        Assert.True(trend < 0.70 && alive > 0.5, $"{trend} {alive}");
        while (customer.Held("lifecycle") == "decline")
            customer.Purchase(DateTimeOffset.FromUnixTimeMilliseconds(customer.State.LastPurchaseMs).AddDays(5).ToString("O"), 40);
        string recovered = DateTimeOffset.FromUnixTimeMilliseconds(customer.State.LastPurchaseMs).ToString("O");
        Assert.True(customer.At(recovered, s => s.Trend) >= 0.80);
    }
}
