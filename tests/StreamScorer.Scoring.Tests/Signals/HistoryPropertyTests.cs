using FsCheck.Fluent;
using StreamScorer.Scoring.Events;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Signals;
using StreamScorer.Scoring.Signals.Explanations;
using StreamScorer.Scoring.State;
using Xunit;
using static StreamScorer.Scoring.Tests.Signals.HistoryGenerators;

namespace StreamScorer.Scoring.Tests.Signals;

/// <summary>What holds for every history.</summary>
public sealed class HistoryPropertyTests
{
    [Fact]
    public void Any_order_of_a_history_within_64_days_gives_the_same_customer() =>
        Holds(
            from rules in Rules
            from events in Within(days: 62)
            from shuffled in Shuffled(events)
            select (rules, events, shuffled),
            c => AreSame(c.rules, c.events, c.shuffled));

    [Fact]
    public void Any_order_of_a_history_with_a_purchase_a_day_at_most_gives_the_same_customer() =>
        Holds(
            from rules in Rules
            from events in Within(days: 1400)
            let onePerDay = events.Where(e => e.Type != EventType.Purchase)
                .Concat(events.Where(e => e.Type == EventType.Purchase).DistinctBy(e => rules.Calendar.DayOf(e.Time.ToUnixTimeMilliseconds()))).ToArray()
            from shuffled in Shuffled(onePerDay)
            select (rules, events: onePerDay.OrderBy(e => e.Time).ToArray(), shuffled),
            c => AreSame(c.rules, c.events, c.shuffled));

    [Fact]
    public void The_stream_gives_what_a_recomputation_from_the_full_history_gives() =>
        Holds(
            from rules in Rules
            from events in Within(days: 1400)
            from silenceHours in Gen.Choose(0, 20_000)
            select (rules, events, now: events[^1].Time.AddHours(silenceHours)),
            c => IsAsRecomputed(new Folded(c.rules, c.events), new RecomputedCustomer(c.events, c.rules.Policy, c.now), c.now));

    [Fact]
    public void Probabilities_and_degrees_lie_in_0_to_1() =>
        Holds(
            from rules in Gen.Elements(SignalRules.Default, SignalRules.Regular)
            from events in Within(days: 800)
            from silenceDays in Gen.Choose(0, 9000)
            select (rules, events, atMs: events[^1].Time.AddDays(silenceDays).ToUnixTimeMilliseconds()),
            c =>
            {
                CustomerSignals s = new Folded(c.rules, c.events).At(c.atMs);
                DegreeSignals d = s.Degrees;
                double[] shares =
                [
                    s.AliveProbability, s.ChurnRisk, s.MarginRate, d.SatisfactionDegree, d.ResponseDegree, d.ReferralDegree, d.LoyaltyAttitude, d.LoyaltyBehaviour,
                    d.RetentionExpected, d.RetentionObserved ?? 0, s.Relationship.CustomerShare ?? 0,
                ];
                return shares.All(share => share is >= 0 and <= 1) && s.ResidualValue >= 0 && d.LoyaltyConversion is >= -1 and <= 1;
            });

    [Fact]
    public void Value_and_life_only_fall_in_silence() =>
        Holds(
            from events in Within(days: 800)
            from silenceHours in Gen.Choose(0, 50_000)
            from moreHours in Gen.Choose(1, 5_000)
            select (events, silenceHours, moreHours),
            c =>
            {
                var customer = new Folded(SignalRules.Default, c.events);
                DateTimeOffset then = c.events[^1].Time.AddHours(c.silenceHours);
                CustomerSignals early = customer.At(then.ToUnixTimeMilliseconds()), late = customer.At(then.AddHours(c.moreHours).ToUnixTimeMilliseconds());
                const double Rounding = 1 + 1e-12;
                // The residual value comes from a table that is right to about 2e-8.
                double residualError = 1e-7 * early.ResidualValue;
                return late.AliveProbability <= early.AliveProbability * Rounding
                    && late.ChurnRisk >= early.ChurnRisk - 1e-12
                    && late.ResidualValue <= early.ResidualValue + residualError
                    && late.CustomerValue <= early.CustomerValue + residualError + 1e-9
                    && late.Purchases.RfmFrequency <= early.Purchases.RfmFrequency * Rounding
                    && late.Purchases.EffectiveCycleYears >= early.Purchases.EffectiveCycleYears
                    && late.Degrees.LoyaltyBehaviour <= early.Degrees.LoyaltyBehaviour * Rounding;
            });

    private static bool AreSame(ScoringRules rules, PlainEvent[] events, PlainEvent[] shuffled)
    {
        Folded ordered = new(rules, events), other = new(rules, shuffled);
        (CustomerState a, CustomerState b) = (ordered.State, other.State);
        Assert.Equal((a.FirstPurchaseMs, a.LastPurchaseMs, a.RecentPurchaseDays, a.RecentPurchasePeriods, a.AsOfMs),
            (b.FirstPurchaseMs, b.LastPurchaseMs, b.RecentPurchaseDays, b.RecentPurchasePeriods, b.AsOfMs));
        Assert.Equal((a.PurchaseCount, a.PurchaseDays, a.FirstDayPurchases, a.Categories), (b.PurchaseCount, b.PurchaseDays, b.FirstDayPurchases, b.Categories));
        Assert.Equal((a.Revenue, a.Refunds, a.Cost, a.FirstDayRevenue, a.FirstDayProfit, a.TicketMin, a.TicketMax),
            (b.Revenue, b.Refunds, b.Cost, b.FirstDayRevenue, b.FirstDayProfit, b.TicketMin, b.TicketMax));
        long atMs = a.AsOfMs + 40 * BusinessCalendar.DayMs;
        IReadOnlyList<SignalExplanation> left = Explanation.Of(in ordered.State, in ordered.Cold, rules, atMs, 1000);
        IReadOnlyList<SignalExplanation> right = Explanation.Of(in other.State, in other.Cold, rules, atMs, 1000);
        for (int i = 0; i < left.Count; i++)
        {
            Assert.Equal((left[i].Name, left[i].Word, left[i].Value is null), (right[i].Name, right[i].Word, right[i].Value is null));
            Near(left[i].Name, left[i].Value ?? 0, right[i].Value ?? 0);
        }
        return true;
    }

    private static bool IsAsRecomputed(Folded streamed, RecomputedCustomer plain, DateTimeOffset now)
    {
        CustomerSignals s = streamed.At(now.ToUnixTimeMilliseconds());
        Assert.Equal((plain.Revenue, plain.NetRevenue, plain.Profit),
            (Money.ToDecimal(streamed.State.Revenue), Money.ToDecimal(streamed.State.NetRevenue), Money.ToDecimal(streamed.State.Profit)));
        Assert.Equal(plain.PurchaseDays, streamed.State.PurchaseDays);
        Assert.Equal(plain.RetentionObserved, s.Degrees.RetentionObserved);
        Near("historicalValue", plain.HistoricalValue, s.Values.HistoricalValue);
        Near("decayedProfit", plain.DecayedProfit, s.DecayedProfit);
        Near("aliveProbability", plain.AliveProbability, s.AliveProbability);
        Near("cycle", plain.Cycle, s.Purchases.CycleYears);
        Near("satisfactionDegree", plain.SatisfactionDegree, s.Degrees.SatisfactionDegree);
        Near("responseDegree", plain.ResponseDegree, s.Degrees.ResponseDegree);
        Near("referralDegree", plain.ReferralDegree, s.Degrees.ReferralDegree);
        if (plain.PurchaseDays == 0)
            return true;
        Assert.Equal(plain.SpendDays, s.SpendDays);
        Assert.Equal(plain.FirstDayProfit, Money.ToDecimal(streamed.State.FirstDayProfit));
        Near("purchaseTrend", plain.Trend(e => e.Type == EventType.Purchase ? 1 : 0), s.Purchases.PurchaseTrend);
        Near("trend", plain.Trend(e => e.Type switch
        {
            EventType.Purchase => (double)(e.Amount - e.Cost),
            EventType.Refund => (double)(e.Cost - e.Amount),
            EventType.Cost => -(double)e.Amount,
            _ => 0,
        }), s.Trend);
        return true;
    }

    private static void Near(string name, double expected, double actual) =>
        Assert.True(Math.Abs(expected - actual) <= 1e-8 * Math.Max(1, Math.Abs(expected)), $"{name}: {expected:R} and {actual:R}");
}
