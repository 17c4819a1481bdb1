using StreamScorer.Scoring.Events;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Tiers;
using Xunit;

namespace StreamScorer.Scoring.Tests.Tiers;

/// <summary>Pending drops, what averts them, and what a refund brings back; absolute scheme with one bound that matters: gold at 250, band to 225.</summary>
public sealed class NoticeTests
{
    // 300 of decayed profit halve in a year, the probabilistic future adds to it: gold at first, and silence takes it away.
    private static TestCustomer Gold => new TestCustomer(TestCustomer.DefaultRules).Purchase("2024-01-01", 300);

    private static TierChange Pending(TestCustomer customer) =>
        customer.Changes.Last(c => c.Scheme == SchemeId.Absolute && c.Direction == TierDirection.DropPending);

    private static string Day(long ms, int plusDays = 0) => DateTimeOffset.FromUnixTimeMilliseconds(ms).AddDays(plusDays).ToString("O");

    [Fact]
    public void A_pending_drop_tells_its_date_and_what_averts_it_and_then_happens_on_that_date()
    {
        TestCustomer customer = Gold.Silence("2026-01-01");
        TierChange pending = Pending(customer);
        Assert.Equal(["Enter", "DropPending", "Down"], customer.Story("absolute").Select(line => line.Split(' ')[1]).Take(3));
        Assert.Equal(("customerValue", 250.0, false), (pending.AvertAxis!.Signal, pending.AvertValue, pending.AvertAxis.LowerIsBetter));
        Assert.InRange(pending.CustomerValue, 224.99, 225);
        Assert.Equal(28 * BusinessCalendar.DayMs, pending.DropMs - pending.AtMs);
        TierChange drop = customer.Changes.First(c => c.Scheme == SchemeId.Absolute && c.Direction == TierDirection.Down);
        Assert.Equal(pending.DropMs, drop.AtMs);
    }

    [Fact]
    public void A_purchase_that_lifts_the_value_to_the_bound_averts_the_drop()
    {
        TestCustomer customer = Gold.Silence("2026-01-01");
        long startMs = Pending(customer).AtMs;
        TestCustomer saved = Gold.Silence(Day(startMs, 10)).Purchase(Day(startMs, 20), 100);
        Assert.Equal(["Enter", "DropPending", "DropAverted"], saved.Story("absolute").Select(line => line.Split(' ')[1]));
        Assert.Equal("gold", saved.Held("absolute"));
        Assert.Equal(startMs / 1000, saved.Cold.AvertedGraceStartS[SchemeIds.FirstAxis(SchemeId.Absolute)]);
    }

    [Theory]
    [InlineData("refunded before the date: the original start comes back", 22, "DropPending", "gold")]
    [InlineData("refunded after the date: the drop happens now", 40, "Down", "silver")]
    public void A_refund_of_the_averting_purchase_brings_the_original_start_back(string when, int refundDay, string last, string held)
    {
        long startMs = Pending(Gold.Silence("2026-01-01")).AtMs;
        TestCustomer customer = Gold.Purchase(Day(startMs, 20), 100, id: "p2").Refund(Day(startMs, refundDay), 100, of: "p2");
        Assert.True((last, held) == (customer.Changes.Last(c => c.Scheme == SchemeId.Absolute).Direction.ToString(), customer.Held("absolute")), when);
        Assert.Equal(0ul, customer.Cold.AvertingPurchaseHash);
        if (last == "DropPending")
            Assert.Equal(startMs + 28 * BusinessCalendar.DayMs, Pending(customer).DropMs);
        customer.Silence(Day(startMs, 60));
        Assert.Equal("silver", customer.Held("absolute"));
    }

    [Fact]
    public void An_averted_drop_is_forgotten_a_year_after_its_grace_began_so_that_it_keeps_no_record_alive()
    {
        long startMs = Pending(Gold.Silence("2026-01-01")).AtMs;
        TestCustomer saved = Gold.Silence(Day(startMs, 10)).Purchase(Day(startMs, 20), 5000, id: "p2");
        Assert.NotEqual(0ul, saved.Cold.AvertingPurchaseHash);
        saved.Silence(Day(startMs, 364));
        Assert.NotEqual(0ul, saved.Cold.AvertingPurchaseHash);
        saved.Silence(Day(startMs, 400));
        Assert.Equal(0ul, saved.Cold.AvertingPurchaseHash);
        Assert.Equal(default, saved.Cold.AvertedGraceStartS[SchemeIds.FirstAxis(SchemeId.Absolute)]);
    }

    [Fact]
    public void At_the_very_instant_of_an_event_the_customer_is_not_silent()
    {
        TestCustomer silent = Gold.Silence("2026-01-01");
        TierChange left = silent.Changes.First(c => c.Scheme == SchemeId.Lifecycle && c.Direction == TierDirection.Down);
        TestCustomer returned = Gold.Purchase(Day(left.AtMs), 10);
        Assert.DoesNotContain(returned.Changes, c => c.Cause == TransitionCause.Silence && c.AtMs == left.AtMs);
    }

    [Fact]
    public void A_refund_of_another_purchase_starts_a_grace_of_its_own()
    {
        long startMs = Pending(Gold.Silence("2026-01-01")).AtMs;
        TestCustomer customer = Gold.Purchase(Day(startMs, 20), 100, id: "p2").Refund(Day(startMs, 40), 120, of: "p1");
        Assert.Equal("gold", customer.Held("absolute"));
        Assert.Equal(TestCustomer.Ms(Day(startMs, 40)) + 28 * BusinessCalendar.DayMs, Pending(customer).DropMs);
    }

    [Fact]
    public void A_refund_that_leaves_the_value_above_the_bound_tells_nothing()
    {
        long startMs = Pending(Gold.Silence("2026-01-01")).AtMs;
        TestCustomer customer = Gold.Purchase(Day(startMs, 20), 500, id: "p2").Refund(Day(startMs, 22), 1, of: "p2");
        Assert.Equal("DropPending", customer.Story("absolute")[1].Split(' ')[1]);
        Assert.DoesNotContain(customer.Changes, c => c.Scheme == SchemeId.Absolute && c.AtMs == TestCustomer.Ms(Day(startMs, 22)));
    }

    [Fact]
    public void Harmful_customers_and_those_whose_relationship_has_ended_get_no_grace()
    {
        TestCustomer harmful = Gold.Silence("2025-01-10").Cost("2025-01-10", 5000);
        Assert.Equal("Down", harmful.Story("absolute")[^1].Split(' ')[1]);
        TestCustomer dead = Gold.End("2024-01-02", "2024-01-02", EndingReason.Death).Silence("2026-01-01");
        Assert.DoesNotContain(dead.Story("absolute"), line => line.Contains("DropPending", StringComparison.Ordinal));
        Assert.Equal("bronze", New(dead).Held("absolute"));
    }

    [Fact]
    public void Churn_has_no_grace_by_default_and_a_mirrored_axis_is_told_in_its_own_terms()
    {
        Assert.DoesNotContain(Gold.Silence("2026-01-01").Changes, c => c.Scheme == SchemeId.Churn && c.Direction == TierDirection.DropPending);
        var policy = new ScoringPolicy();
        policy = policy with { Schemes = policy.Schemes with { Churn = policy.Schemes.Churn with { GraceDays = 7 } } };
        TestCustomer customer = new TestCustomer(new ScoringRules(policy)).PurchaseEvery(20, 12, 30).Silence("2026-01-01");
        TierChange pending = customer.Changes.First(c => c.Scheme == SchemeId.Churn && c.Direction == TierDirection.DropPending);
        Assert.Equal(("churnRisk", true, 0.5), (pending.AvertAxis!.Signal, pending.AvertAxis.LowerIsBetter, pending.AvertValue));
        Assert.InRange(pending.ChurnRisk, 0.51, 0.5101);
    }

    [Fact]
    public void Sequences_count_every_change_of_a_customer_without_gaps()
    {
        TestCustomer customer = Gold.Silence("2027-01-01").Purchase("2027-01-02", 900).Silence("2030-01-01");
        Assert.Equal(Enumerable.Range(1, customer.Changes.Count), customer.Changes.Select(c => c.Sequence));
    }

    private static TestCustomer New(TestCustomer silent) => silent.Silence("2030-01-01");
}
