using StreamScorer.Scoring.Events;
using StreamScorer.Scoring.Signals.Explanations;
using Xunit;
using static StreamScorer.Scoring.Tests.Signals.PlainEvent;

namespace StreamScorer.Scoring.Tests.Signals;

/// <summary>
/// One customer, every signal, worked by hand at the instant of the third purchase under the default policy. Purchases: 100 (cost 40) on 1 January, 50 (cost 20)
/// 30 days later and 50 (cost 20) another 30 days later: 60 days = 8.571429 weeks = 0.164271 years, profit 60 + 30 + 30 = 120.
/// </summary>
public sealed class SignalTableTests
{
    private static readonly PlainEvent[] Purchases =
    [
        Purchase("2026-01-01", 100, 40) with { Category = "tea" },
        Purchase("2026-01-31", 50, 20) with { Category = "coffee" },
        Purchase("2026-03-02", 50, 20) with { Category = "tea" },
    ];

    private static readonly PlainEvent[] Others =
    [
        Of(EventType.Satisfaction, "2025-09-03") with { Rating = 5, Gain = 120, Cost = 80 }, // 180 days ago: one half-life, weight 1/2
        Of(EventType.Contact, "2025-09-03"),
        Of(EventType.Complaint, "2025-12-02") with { Severity = 2 }, // 90 days ago: one half-life
        Of(EventType.Complaint, "2025-12-02") with { Severity = 3, Resolved = true },
        Of(EventType.Satisfaction, "2026-03-02") with { Rating = 3 },
        Of(EventType.Contact, "2026-03-02"),
        Of(EventType.Response, "2026-03-02"),
        Of(EventType.Referral, "2026-03-02"),
        Of(EventType.Wallet, "2026-03-02", 1000),
        Of(EventType.Information, "2026-03-02") with { Information = InformationAction.Collected, Points = 10, Cost = 4 },
        Of(EventType.Information, "2026-03-02") with { Information = InformationAction.Used, Points = 5, Benefit = 20 },
    ];

    [Theory]
    // Staying: x = 2 repeat days, t_x = T = 8.571429 weeks, r .525, alpha 6.183, a .891, b 1.614.
    [InlineData("aliveProbability", 0.802219756)] // 1 / (1 + .891/3.614 x 1)
    [InlineData("churnRisk", 0.259458347)] // 26 weeks: 1 - .802220 (1 - (14.754429/40.754429)^2.525)
    [InlineData("retentionExpected", 0.740541653)] // 1 - .259458
    [InlineData("expectedPurchases", 2.5131976)] // by the hypergeometric closed form, 26 weeks
    [InlineData("nextPurchaseExpected", 32.625502)] // 14.754429 (2^(1/2.525) - 1) weeks, in days
    // Past: 60 days are .164271 years, 30 days .082136.
    [InlineData("decayedProfit", 111.877226)] // 60 x 2^-(60/365) + 30 x 2^-(30/365) + 30
    [InlineData("historicalValue", 121.182567)] // 60 x 1.1^.164271 + 30 x 1.1^.082136 + 30
    // Future by the models: spend 6.25 (15.44 + 2 x 50) / (6.25 x 2 + 2.74); margin (120 + 100) / (200 + 100).
    [InlineData("expectedSpend", 47.3425197)]
    [InlineData("marginRate", 0.733333333)]
    [InlineData("residualValue", 237.04735)] // .802220 x 8.51116396 x 47.342520 x .733333
    [InlineData("customerValue", 348.924576)] // 111.877 + residual
    [InlineData("contributionShare", 0.0358229917)] // (121.183 + residual) / 10000
    // Going on as now.
    [InlineData("cycle", 0.138090349)] // (1 x .25 + .164271) / (1 + 2)
    [InlineData("effectiveCycle", 0.138090349)] // silence 0
    [InlineData("revenueTotal", 200)]
    [InlineData("ticket", 66.6666667)] // 200 / 3 days
    [InlineData("profitPerDay", 40)] // 120 / 3 days
    [InlineData("currentValueIfAlive", 755.800741)] // 40 / .138090 x annc(3), annc = (1 - 1.1^-3) / ln 1.1 = 2.609220
    [InlineData("currentValue", 606.318286)] // x .802220
    [InlineData("reviewedValue", 1215.15348)] // 21 whole cycles in 3 years: 66.666667 x 18.227302
    [InlineData("reviewedProfit", 729.092088)] // 40 x 18.227302
    // On top: fast (30 x 2^-.5 + 30) and slow (30 x 2^-.125 + 30) sums of repeat profit as rates 432.192 and 381.302 a year.
    [InlineData("trend", 1.13346369)]
    [InlineData("purchaseTrend", 1.13346369)] // the same, because both repeat days brought 30
    [InlineData("crossSellPotential", 0.171428571)] // (2 - 1 + 5 x .1) / (2 + 5) x 8/10
    [InlineData("referralValue", 144.784962)] // ln 2 / 365 x 365.25 = .693622 a year x (100 - 20) x 2.609220
    [InlineData("growthValue", 310.439835)] // 755.800741 (.133464 + .5 x .171429) + 144.784962
    [InlineData("growthValueUncapped", 310.439835)] // the trend is below the cap
    [InlineData("clpNarrow", 916.758121)] // 606.318286 + 310.439835
    [InlineData("clpBroad", 1037.94069)] // + 121.182567
    // Recency, frequency, monetary: slow sum 2^-.25 + 2^-.125 + 1 as of now, as a rate over an age of 60 days, times 60 days.
    [InlineData("rfmRecency", 0)]
    [InlineData("rfmFrequency", 3.00375213)]
    [InlineData("rfmMonetary", 200.250142)] // x 200 / 3
    // Ma.
    [InlineData("relationshipValue", 894.279149)] // 120 + 40 / .138090 x (1 - 1.06^-3) / .06 = 120 + 774.279149
    [InlineData("sustainedValue", 30)] // (120 - 60) / 2
    [InlineData("lossValue", 1385.42683)] // (894.279149 + 310.439835) x 1.15
    [InlineData("informationValue", 15.2)] // .8 x (5 + .2 x 5) x 20/5 - 4
    [InlineData("customerShare", 0.482775713)] // 66.666667 / .138090 / 1000
    [InlineData("expectedMargin", 232.375329)] // .802220 x 40 / .138090
    [InlineData("costToServe", 1)] // no cost reported: the policy's minimum
    // Degrees.
    [InlineData("satisfactionDegree", 0.3825)] // (.5 x 1 + 1 x .5 + 1 x .5) / (1.5 + 1) - .15 (2/2 + .3 x 3/2)
    [InlineData("perceivedValue", 40)] // 120 - 80
    [InlineData("perceivedValueRatio", 1.5)] // 120 / 80
    [InlineData("responseDegree", 0.4)] // (1 + 2 x .2) / (1.5 + 2)
    [InlineData("referralDegree", 0.5)] // 1 / (1 + 1)
    [InlineData("loyaltyAttitude", 0.41625)] // .5 x .3825 + .25 x .5 + .25 x .4
    [InlineData("loyaltyBehaviour", 0.706666667)] // .4 x 2/3 + .2 x 2/10 + .4 x 1
    [InlineData("loyaltyConversion", 0.290416667)]
    [InlineData("retentionObserved", 1)] // first in period 224 of 91 days since 1970, bought in 225: 1 of 1
    // Functions.
    [InlineData("directFunction", 111.877226)]
    [InlineData("indirectFunction", 159.984962)] // 144.784962 + 15.2
    [InlineData("socialFunction", 0.2825)] // .5 - .2175
    public void Every_signal_is_as_worked_by_hand(string name, double worked)
    {
        SignalExplanation signal = Explained().Single(e => e.Name == name);
        Assert.Equal(worked, signal.Value!.Value, 5e-8 * Math.Max(1, Math.Abs(worked)));
    }

    [Theory]
    [InlineData("worthKeeping", "yes")] // 120 > 0 and 774.28 > 0
    [InlineData("retentionDecision", "save")] // .259458 x 1385.43 x .3 = 107.84 > 20
    public void Every_decision_is_as_worked_by_hand(string name, string word) => Assert.Equal(word, Explained().Single(e => e.Name == name).Word);

    [Fact]
    public void No_signal_is_left_out_of_the_tables()
    {
        IEnumerable<object> worked = typeof(SignalTableTests).GetMethods().SelectMany(m => m.GetCustomAttributesData())
            .Where(a => a.AttributeType == typeof(InlineDataAttribute))
            .Select(a => ((IReadOnlyList<System.Reflection.CustomAttributeTypedArgument>)a.ConstructorArguments[0].Value!)[0].Value!);
        Assert.Equal(SignalNames.Chinese.Keys.Order(), worked.Cast<string>().Order());
        Assert.Equal(SignalNames.Chinese.Keys.Order(), Explained().Select(e => e.Name).Order());
    }

    private static IReadOnlyList<SignalExplanation> Explained()
    {
        var customer = new Folded(SignalRules.Default, [.. Others, .. Purchases]);
        return Explanation.Of(in customer.State, in customer.Cold, SignalRules.Default, At("2026-03-02").ToUnixTimeMilliseconds(), 10_000);
    }
}
