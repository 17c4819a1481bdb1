using StreamScorer.Scoring.Events;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Signals.Explanations;
using Xunit;
using static StreamScorer.Scoring.Tests.Signals.PlainEvent;

namespace StreamScorer.Scoring.Tests.Signals;

/// <summary>What an explanation says is what was computed: its formula, worked out from its own inputs, gives its value.</summary>
public sealed class ExplanationTests
{
    public static TheoryData<string> Customers => [.. Histories.Keys];

    private static readonly Dictionary<string, PlainEvent[]> Histories = new()
    {
        ["nothing but a contact"] = [Of(EventType.Contact, "2026-01-01")],
        ["one purchase"] = [Purchase("2026-01-01", 20)],
        ["a loss"] = [Purchase("2026-01-01", 20, 90), Refund("2026-01-05", 30)],
        ["regular"] = [.. Enumerable.Range(0, 12).Select(i => new PlainEvent(EventType.Purchase, At("2025-01-01").AddDays(30 * i), 50 + i, 20) with { Category = $"c{i % 4}" })],
        ["many sides"] =
        [
            Purchase("2025-01-01", 100, 40), Purchase("2025-06-01", 0), Purchase("2026-01-01", 80, 30) with { Category = "tea" },
            Of(EventType.Satisfaction, "2025-05-01") with { Rating = 4, Gain = 10, Cost = 5 }, Of(EventType.Complaint, "2025-06-01"), Of(EventType.Referral, "2025-07-01"),
            Of(EventType.Wallet, "2025-07-01", 500), Of(EventType.Information, "2025-07-01") with { Information = InformationAction.Used, Points = 2, Benefit = 3 },
            Of(EventType.Cost, "2025-01-01", 25) with { CostReason = CostReason.Acquisition }, Of(EventType.Cost, "2025-02-01", 5), Of(EventType.Contact, "2025-03-01"),
        ],
        ["about to end"] = [Purchase("2026-01-01", 20), Purchase("2026-01-20", 20), Of(EventType.Ending, "2026-02-01") with { EndingReason = EndingReason.Moved, EndingTime = At("2026-12-01") }],
        ["ended"] = [Purchase("2026-01-01", 20), Of(EventType.Ending, "2026-02-01") with { EndingReason = EndingReason.Death }],
    };

    [Theory]
    [MemberData(nameof(Customers))]
    public void Every_formula_gives_its_value(string customer)
    {
        foreach (ScoringRules rules in (ScoringRules[])[SignalRules.Default, SignalRules.Regular])
        {
            foreach (SignalExplanation e in Explain(customer, rules).Where(e => e.Word is null && e.Value is not null))
            {
                double worked = FormulaEvaluator.Evaluate(e);
                Assert.True(Math.Abs(worked - e.Value!.Value) <= 1e-9 * Math.Max(1, Math.Abs(worked)), $"{e.Name} is {e.Value}, its formula gives {worked}: {e.Arithmetic}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Customers))]
    public void No_number_is_infinite_or_undefined(string customer) =>
        Assert.All(Explain(customer, SignalRules.Default), e => Assert.True(e.Value is null || double.IsFinite(e.Value.Value), e.ToString()));

    [Fact]
    public void The_arithmetic_is_written_in_words_and_numbers()
    {
        SignalExplanation value = Explain("a loss", SignalRules.Default).Single(e => e.Name == "lossValue");
        Assert.Matches(@"^\(relationshipValue -\S+ \+ growthValue 0\) x \(1 \+ goodwillDamage 0\.15\)$", value.Arithmetic);
        Assert.Equal(("损失价值", "USD"), (value.ChineseName, value.Unit));
    }

    private static IReadOnlyList<SignalExplanation> Explain(string customer, ScoringRules rules)
    {
        var folded = new Folded(rules, Histories[customer]);
        return Explanation.Of(in folded.State, in folded.Cold, rules, At("2026-03-01T12:00:00Z").ToUnixTimeMilliseconds(), 5_000);
    }
}
