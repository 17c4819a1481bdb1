using StreamScorer.Scoring.Models;
using StreamScorer.Scoring.Models.Fitting;
using Xunit;

namespace StreamScorer.Scoring.Tests.Models;

/// <summary>From a log of purchases to histories.</summary>
public sealed class PurchaseHistoryBuilderTests
{
    private static readonly DateOnly First = new(2024, 1, 1);

    [Fact]
    public void A_worked_example_in_weeks()
    {
        var builder = new PurchaseHistoryBuilder(First.AddDays(70), ModelUnit.Week, First.AddDays(140));
        builder.AddPurchase("ann", First.AddDays(21), 20);
        builder.AddPurchase("ann", First, 99);
        builder.AddPurchase("ann", First.AddDays(7), 30);
        builder.AddPurchase("ann", First.AddDays(7), 10);
        builder.AddPurchase("ann", First.AddDays(71), 500);
        builder.AddPurchase("ann", First.AddDays(140), 500);
        builder.AddPurchase("ann", First.AddDays(141), 500);

        var ann = Assert.Single(builder.Build());
        Assert.Equal("ann", ann.CustomerId);
        Assert.Equal(new PurchaseHistory(2, 3, 10), ann.History);
        Assert.Equal(Math.Log(1) + Math.Log(2), ann.LogIntervals, 1e-15);
        Assert.Equal(2, ann.SpendDays);
        Assert.Equal((40 + 20) / 2.0, ann.MeanRepeatSpend);
        Assert.Equal(2, ann.HoldOutPurchases);
        Assert.Equal(10, builder.HoldOutHorizon);
    }

    [Fact]
    public void Days_count_seven_to_the_week()
    {
        var builder = new PurchaseHistoryBuilder(First.AddDays(70), ModelUnit.Day);
        builder.AddPurchase("ann", First, 1);
        builder.AddPurchase("ann", First.AddDays(21), 1);
        var ann = Assert.Single(builder.Build());
        Assert.Equal(new PurchaseHistory(1, 21, 70), ann.History);
        Assert.Equal(Math.Log(21), ann.LogIntervals);
        Assert.Equal(0, builder.HoldOutHorizon);
        Assert.Equal(0, ann.HoldOutPurchases);
    }

    [Fact]
    public void Customers_without_a_purchase_by_the_cut_off_are_left_out_and_the_rest_are_in_order()
    {
        var builder = new PurchaseHistoryBuilder(First, ModelUnit.Day, First.AddDays(10));
        builder.AddPurchase("late", First.AddDays(1), 1);
        builder.AddPurchase("b", First, 1);
        builder.AddPurchase("a", First, 1);
        builder.AddRefund("refunded only", First, 1);
        Assert.Equal(["a", "b"], builder.Build().Select(customer => customer.CustomerId));
    }

    [Fact]
    public void Refunds_take_money_and_leave_the_purchase_day()
    {
        var builder = new PurchaseHistoryBuilder(First.AddDays(30), ModelUnit.Day);
        builder.AddPurchase("ann", First, 50);
        builder.AddPurchase("ann", First.AddDays(5), 40);
        builder.AddPurchase("ann", First.AddDays(9), 20);
        builder.AddRefund("ann", First, 50);
        builder.AddRefund("ann", First.AddDays(10), 12);
        builder.AddRefund("ann", First.AddDays(31), 40);
        var ann = Assert.Single(builder.Build());
        Assert.Equal(2, ann.History.Repeats);
        Assert.Equal((40 + 20 - 12) / 2.0, ann.MeanRepeatSpend);
    }

    [Fact]
    public void Spend_never_falls_below_nothing_and_free_days_are_no_spend_days()
    {
        var builder = new PurchaseHistoryBuilder(First.AddDays(30), ModelUnit.Day);
        builder.AddPurchase("ann", First, 50);
        builder.AddPurchase("ann", First.AddDays(5), 0);
        builder.AddPurchase("ann", First.AddDays(6), 10);
        builder.AddRefund("ann", First.AddDays(7), 30);
        var ann = Assert.Single(builder.Build());
        Assert.Equal(2, ann.History.Repeats);
        Assert.Equal(1, ann.SpendDays);
        Assert.Equal(0, ann.MeanRepeatSpend);
    }

    [Fact]
    public void A_hold_out_period_does_not_end_before_it_begins() =>
        Assert.Throws<ArgumentOutOfRangeException>(
            "holdOutUntil", () => new PurchaseHistoryBuilder(First, ModelUnit.Day, First.AddDays(-1)));

    [Fact]
    public void A_yearly_rate_becomes_a_continuous_one()
    {
        Assert.Equal(Math.Log(1.15) / 365.25, ModelUnit.Day.ContinuousDiscount(0.15), 1e-15);
        Assert.Equal(7 * ModelUnit.Day.ContinuousDiscount(0.15), ModelUnit.Week.ContinuousDiscount(0.15), 1e-15);
        Assert.Equal(0, ModelUnit.Week.ContinuousDiscount(0));
    }
}
