using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Populations;
using StreamScorer.Scoring.Tiers;
using StreamScorer.Scoring.Tiers.Schemes;
using Xunit;

namespace StreamScorer.Scoring.Tests.Tiers;

/// <summary>Every cell of every scheme, with a customer or bounds chosen by hand to fall into it.</summary>
public sealed class CellTests
{
    private const string Now = "2024-12-01";
    private static readonly SchemesPolicy schemes = new() { MinPopulation = 1 };

    private static TestCustomer Regular => new TestCustomer(TestCustomer.DefaultRules).PurchaseEvery(30, 12, 50, "2024-01-05");

    [Theory]
    [InlineData(true, true, "high")]
    [InlineData(true, false, "secondary")]
    [InlineData(false, true, "potential")]
    [InlineData(false, false, "low")]
    public void Value_growth(bool currentIsHigh, bool growthIsHigh, string tier)
    {
        var policy = new ValueGrowthPolicy
        {
            Current = Bound(Regular.At(Now, s => s.Values.CurrentValue), currentIsHigh),
            Growth = Bound(Regular.At(Now, s => s.Values.GrowthValue), growthIsHigh),
        };
        Assert.Equal(tier, Regular.FirstTier(new ValueGrowthScheme(policy, schemes), Now));
    }

    [Theory]
    [InlineData(true, true, "best")]
    [InlineData(true, false, "exotic")]
    [InlineData(false, true, "fatal-attraction")]
    [InlineData(false, false, "ghost")]
    public void Value_response(bool valueIsHigh, bool responseIsHigh, string tier)
    {
        var policy = new ValueResponsePolicy
        {
            Value = Bound(Regular.At(Now, s => s.CustomerValue), valueIsHigh),
            Response = Bound(Regular.At(Now, s => s.Degrees.ResponseDegree), responseIsHigh),
        };
        Assert.Equal(tier, Regular.FirstTier(new ValueResponseScheme(policy, schemes), Now));
    }

    [Theory]
    [InlineData(true, true, "golden")]
    [InlineData(true, false, "at-risk")]
    [InlineData(false, true, "marginal")]
    [InlineData(false, false, "dont-over-service")]
    public void Value_loyalty(bool valueIsHigh, bool isLoyal, string tier)
    {
        var policy = new ValueLoyaltyPolicy
        {
            Value = Bound(Regular.At(Now, s => s.DecayedProfit), valueIsHigh),
            Loyalty = Bound(Regular.At(Now, s => s.Degrees.LoyaltyBehaviour), isLoyal),
        };
        Assert.Equal(tier, Regular.FirstTier(new ValueLoyaltyScheme(policy, schemes), Now));
    }

    [Theory]
    [InlineData(true, true, "high-performing")]
    [InlineData(true, false, "selling")]
    [InlineData(false, true, "networking")]
    [InlineData(false, false, "low-performing")]
    public void Function(bool directIsHigh, bool indirectIsHigh, string tier)
    {
        TestCustomer referrer = Regular.Refer("2024-11-30T00:00:01Z");
        var policy = new FunctionPolicy
        {
            Direct = Bound(referrer.At(Now, s => s.Functions.Direct), directIsHigh),
            Indirect = Bound(referrer.At(Now, s => s.Functions.Indirect), indirectIsHigh),
        };
        Assert.True(referrer.At(Now, s => s.Functions.Indirect) > 10);
        Assert.Equal(tier, referrer.FirstTier(new FunctionScheme(policy, schemes), Now));
    }

    // The prior cycle is a quarter with the weight of one cycle: twelve purchases every 20, 90, 200 days have the cycles 26, 90, 191 days; cuts at 45 and 135.
    [Theory]
    [InlineData("short cycle, large ticket", 20, 100, "platinum")]
    [InlineData("short cycle, medium ticket", 20, 40, "gold")]
    [InlineData("short cycle, small ticket", 20, 10, "silver-c")]
    [InlineData("medium cycle, large ticket", 90, 100, "gold")]
    [InlineData("medium cycle, medium ticket", 90, 40, "silver-b")]
    [InlineData("medium cycle, small ticket", 90, 10, "developing")]
    [InlineData("long cycle, large ticket", 200, 100, "silver-a")]
    [InlineData("long cycle, medium ticket", 200, 40, "developing")]
    [InlineData("long cycle, small ticket", 200, 10, "adjusting")]
    public void Cycle_ticket(string who, int cycleDays, double ticket, string tier)
    {
        TestCustomer customer = new TestCustomer(TestCustomer.DefaultRules).PurchaseEvery(cycleDays, 12, ticket, "2018-01-01");
        string lastDay = DateTimeOffset.FromUnixTimeMilliseconds(customer.State.LastPurchaseMs).ToString("O");
        Assert.True(tier == customer.FirstTier(new CycleTicketScheme(new CycleTicketPolicy(), schemes), lastDay), who);
    }

    [Fact]
    public void Cycle_ticket_ranks_nobody_after_one_purchase_and_counts_silence_as_cycle()
    {
        var scheme = new CycleTicketScheme(new CycleTicketPolicy(), schemes);
        TestCustomer customer = new TestCustomer(TestCustomer.DefaultRules).Purchase("2024-01-01", 100);
        Assert.Equal("unranked", customer.FirstTier(scheme, "2024-01-02"));
        customer.PurchaseEvery(10, 20, 100, "2024-01-11");
        Assert.Equal("platinum", customer.FirstTier(scheme, "2024-08-01"));
        Assert.Equal("gold", customer.FirstTier(scheme, "2024-10-01"));
        Assert.Equal("silver-a", customer.FirstTier(scheme, "2025-08-01"));
    }

    [Fact]
    public void Cycle_ticket_takes_terciles_where_the_policy_says_so()
    {
        var scheme = new CycleTicketScheme(new CycleTicketPolicy { Cuts = CycleTicketCuts.Terciles }, schemes);
        Assert.True(scheme.IsRelative);
        AxisBounds[] bounds = TestPopulation.Of(scheme, (Quantity.CycleDays, [10, 20, 30]), (Quantity.Ticket, [1, 2, 3])).BoundsOf(SchemeId.CycleTicket)!;
        Assert.Equal([1, 2, 3], new[] { 10.0, 20, 30.5 }.Select(days => (int)bounds[0].Raw(-days)));
        Assert.Equal([3, 2, 1], new[] { 0.9, 2, 3.1 }.Select(ticket => (int)bounds[1].Raw(ticket)));
    }

    [Theory]
    [InlineData("both at least the mean", 1, 1, "jade")]
    [InlineData("current alone", 1, -1, "gold")]
    [InlineData("growth alone", -1, 1, "iron")]
    [InlineData("neither", -1, -1, "lead")]
    public void Relative_value(string who, int current, int growth, string tier)
    {
        var scheme = new RelativeValueScheme(new RelativeValuePolicy(), schemes);
        TestCustomer customer = Regular;
        double c = customer.At(Now, s => s.Values.CurrentValue), g = customer.At(Now, s => s.Values.GrowthValueUncapped);
        // The mean of this and of one other customer is below or above this one's, by far more than the sketch's 1 %.
        double otherCurrent = current > 0 ? c / 2 : c * 2, otherGrowth = growth > 0 ? g / 2 : g * 2;
        customer.Population = TestPopulation.Of(scheme, (Quantity.CurrentValue, [c, otherCurrent]), (Quantity.GrowthValue, [g, otherGrowth]));
        Assert.True(c > 0 && g > 0);
        Assert.True(tier == customer.FirstTier(scheme, Now), who);
    }

    [Fact]
    public void Relative_value_asks_for_a_positive_value_when_the_mean_is_negative()
    {
        var scheme = new RelativeValueScheme(new RelativeValuePolicy(), schemes);
        AxisBounds[] bounds = TestPopulation.Of(scheme, (Quantity.CurrentValue, [-300, 100]), (Quantity.GrowthValue, [0, 0])).BoundsOf(SchemeId.RelativeValue)!;
        // With shares, -50 of a total of -200 would be a quarter of it and so better than the 100.
        Assert.Equal([2, 2, 1, 1], new[] { -50.0, 0, 0.001, 100 }.Select(value => (int)bounds[0].Raw(value)));
    }

    [Theory]
    [InlineData(0, "lead")]
    [InlineData(79, "lead")]
    [InlineData(81, "iron")]
    [InlineData(94, "iron")]
    [InlineData(96, "gold")]
    [InlineData(98, "gold")]
    [InlineData(100, "platinum")]
    public void Pyramid_of_a_hundred_customers(double value, string tier)
    {
        var scheme = new PyramidScheme(new PyramidPolicy(), schemes);
        AxisBounds bounds = TestPopulation.Of(scheme, (Quantity.CustomerValue, [.. Enumerable.Range(1, 100).Select(i => (double)i)])).BoundsOf(SchemeId.Pyramid)![0];
        Assert.Equal(tier, scheme.TierName(bounds.Raw(value)));
    }

    [Theory]
    [InlineData(50, "vital")]
    [InlineData(31, "vital")]
    [InlineData(20, "useful")]
    [InlineData(-5, "useful")]
    public void Pareto_of_customers_with_50_31_9_10_and_a_refund_of_5(double amount, string tier)
    {
        // The positive parts are 100 together; 50 + 31 reach 80.
        var scheme = new ParetoScheme(new ParetoPolicy(), schemes);
        AxisBounds bounds = TestPopulation.Of(scheme, (Quantity.Revenue, [50, 31, 9, 10, -5])).BoundsOf(SchemeId.Pareto)![0];
        Assert.Equal(tier, scheme.TierName(bounds.Raw(amount)));
    }

    [Theory]
    [InlineData(1000, "platinum")]
    [InlineData(250, "gold")]
    [InlineData(50, "silver")]
    [InlineData(49.9, "bronze")]
    [InlineData(-10, "bronze")]
    public void Absolute(double customerValue, string tier)
    {
        var scheme = new AbsoluteScheme(new AbsolutePolicy(), schemes);
        Assert.Equal(tier, scheme.TierName(scheme.BoundsIn(Population.None)![0].Raw(customerValue)));
    }

    [Theory]
    [InlineData(0.2, "low")]
    [InlineData(0.5, "low")]
    [InlineData(0.51, "medium")]
    [InlineData(0.8, "medium")]
    [InlineData(0.81, "high")]
    public void Churn(double risk, string tier)
    {
        var scheme = new ChurnScheme(new ChurnPolicy(), schemes);
        Assert.Equal(tier, scheme.TierName(scheme.BoundsIn(Population.None)![0].Raw(-risk)));
    }

    [Theory]
    [InlineData(5, "champions champions promising promising new")]
    [InlineData(4, "champions loyal promising promising new")]
    [InlineData(3, "loyal loyal attention attention attention")]
    [InlineData(2, "at-risk at-risk hibernating hibernating hibernating")]
    [InlineData(1, "at-risk at-risk lost lost lost")]
    public void Rfm(int recencyScore, string cellsByFrequencyAndMonetaryScore5To1)
    {
        var scheme = new RfmScheme(new RfmPolicy(), schemes);
        string[] cells = cellsByFrequencyAndMonetaryScore5To1.Split(' ');
        for (int frequency = 1; frequency <= 5; frequency++)
        {
            for (int monetary = 1; monetary <= 5; monetary++)
            {
                var held = new SchemeState { Axis0 = (byte)(6 - recencyScore), Axis1 = (byte)(6 - frequency), Axis2 = (byte)(6 - monetary) };
                int mean = (int)Math.Round((frequency + monetary) / 2.0, MidpointRounding.AwayFromZero);
                Assert.Equal(cells[5 - mean], scheme.TierName(scheme.TierOf(in held)));
            }
        }
    }

    [Fact]
    public void Rfm_gives_equals_the_same_score_however_many_they_are()
    {
        var scheme = new RfmScheme(new RfmPolicy(), schemes);
        // Seven of ten bought at the same frequency: the middle of their ranks is .65, the third best fifth from .4 to .6 is behind them.
        double[] frequency = [1, 1, 1, 1, 1, 1, 1, 5, 6, 7];
        double[] spread = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
        AxisBounds[] bounds = TestPopulation.Of(
            scheme, (Quantity.LastPurchaseDay, spread), (Quantity.Frequency, frequency), (Quantity.Monetary, spread)).BoundsOf(SchemeId.Rfm)!;
        Assert.Equal([4, 2, 1, 1], new[] { 1.0, 5, 6, 7 }.Select(f => (int)bounds[1].Raw(f)));
        Assert.Equal([5, 5, 4, 4, 3, 3, 2, 2, 1, 1], spread.Select(m => (int)bounds[2].Raw(m)));
    }

    [Fact]
    public void A_relative_scheme_ranks_nobody_in_a_population_that_is_too_small()
    {
        var scheme = new PyramidScheme(new PyramidPolicy(), schemes with { MinPopulation = 3 });
        TestCustomer customer = Regular;
        customer.Population = TestPopulation.Of(scheme, (Quantity.CustomerValue, [1, 2]));
        Assert.Equal("unranked", customer.FirstTier(scheme, Now));
        customer.Population = TestPopulation.Of(scheme, (Quantity.CustomerValue, [1, 2, 3]));
        Assert.Equal("platinum", customer.FirstTier(scheme, Now));
    }

    [Theory]
    [InlineData("value-growth", "secondary", "potential", TierDirection.Lateral)]
    [InlineData("value-growth", "potential", "high", TierDirection.Up)]
    [InlineData("value-growth", "secondary", "low", TierDirection.Down)]
    [InlineData("relative-value", "gold", "iron", TierDirection.Lateral)]
    [InlineData("cycle-ticket", "silver-a", "silver-c", TierDirection.Lateral)]
    [InlineData("cycle-ticket", "silver-b", "gold", TierDirection.Up)]
    [InlineData("cycle-ticket", "developing", "adjusting", TierDirection.Down)]
    [InlineData("lifecycle", "growth", "maturity", TierDirection.Lateral)]
    [InlineData("lifecycle", "acquisition", "growth", TierDirection.Up)]
    [InlineData("lifecycle", "maturity", "decline", TierDirection.Down)]
    [InlineData("rfm", "loyal", "champions", TierDirection.Up)]
    [InlineData("pyramid", "unranked", "lead", TierDirection.Enter)]
    [InlineData("pyramid", "lead", "unranked", TierDirection.Leave)]
    public void A_move_has_a_direction(string schemeName, string from, string to, TierDirection direction)
    {
        TierScheme scheme = TierSchemes.BuildAll(schemes).Single(s => s.Name == schemeName);
        Assert.Equal(direction, scheme.DirectionOf(NumberOf(scheme, from), NumberOf(scheme, to)));
    }

    [Fact]
    public void Groups_are_those_of_the_sources()
    {
        string[] groups = [.. TierSchemes.BuildAll(schemes).SelectMany(scheme => scheme.Tiers.Select((tier, i) => (scheme, tier, group: scheme.GroupOf((byte)(i + 1))))
            .Where(t => t.group is not null).Select(t => $"{t.group}: {t.scheme.Name}.{t.tier}"))];
        Assert.Equal(
            ["most-valuable: relative-value.jade", "most-valuable: relative-value.gold", "general: value-growth.secondary", "general: value-growth.potential",
                "priority: cycle-ticket.platinum", "priority: cycle-ticket.gold"], groups);
    }

    [Fact]
    public void Schemes_stand_in_the_order_of_their_numbers_and_fit_their_packing()
    {
        IReadOnlyList<TierScheme> all = TierSchemes.BuildAll(schemes);
        Assert.Equal(Enum.GetValues<SchemeId>(), all.Select(scheme => scheme.Id));
        Assert.Equal(TierSchemes.Names, all.Select(scheme => scheme.Name));
        Assert.All(all.Where(scheme => scheme.Axes.Count > 0), scheme => Assert.Equal(SchemeIds.AxesOf(scheme.Id), scheme.Axes.Count));
        Assert.All(all, scheme => Assert.InRange(scheme.Tiers.Count, 2, 15));
    }

    private static AxisPolicy Bound(double value, bool isHigh) => new() { HighFrom = isHigh ? value - 0.01 : value + 0.01 };

    private static byte NumberOf(TierScheme scheme, string tier) => (byte)(scheme.Tiers.ToList().IndexOf(tier) + 1);
}
