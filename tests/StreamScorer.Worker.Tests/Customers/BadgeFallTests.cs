using StreamScorer.Scoring;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Populations;
using StreamScorer.Scoring.State;
using StreamScorer.Scoring.Tests.Tiers;
using StreamScorer.Scoring.Tiers;
using StreamScorer.Scoring.Tiers.Schemes;
using StreamScorer.Worker.Customers;

namespace StreamScorer.Worker.Tests.Customers;

/// <summary>The day on which silence costs a tier of the pyramid, told ahead: it is the day on which a population that stays as it is takes the tier.</summary>
public sealed class BadgeFallTests
{
    private const int Others = 1_000;
    private const long HourMs = 3_600_000;

    private static readonly ScoringRules rules = TestCustomer.DefaultRules;
    private static readonly TierScheme pyramid = rules.Schemes.Single(scheme => scheme.Name == PyramidScheme.SchemeName);
    private static readonly long nowMs = TestCustomer.Ms("2024-07-01");

    private readonly TierChangeBuffer buffer = new();
    private readonly BadgeFall fall = new(rules);

    [Theory]
    [InlineData(5, "platinum")]
    [InlineData(20, "gold")]
    [InlineData(100, "iron")]
    public void The_fall_told_before_grace_is_the_one_that_comes(int place, string tier)
    {
        TestCustomer customer = AtPlace(place);
        Assert.Equal(tier, customer.Held(pyramid.Name));
        TellsTheFallThatComes(customer, tier);
    }

    [Fact]
    public void A_fall_that_takes_nearly_five_years_of_silence_is_told()
    {
        TestCustomer customer = WorthAsTheOthersAfter(days: 1_780);
        Assert.Equal("platinum", customer.Held(pyramid.Name));
        TellsTheFallThatComes(customer, "platinum");
    }

    [Fact]
    public void A_fall_that_takes_more_than_five_years_of_silence_is_not_told()
    {
        TestCustomer customer = WorthAsTheOthersAfter(days: 1_900);
        Assert.Equal("platinum", customer.Held(pyramid.Name));

        Assert.Null(fall.Find(in customer.State, in customer.Cold, nowMs, customer.Population));
    }

    private void TellsTheFallThatComes(TestCustomer customer, string tier)
    {
        Assert.False(Held(customer).InGrace);

        ProfileFall told = fall.Find(in customer.State, in customer.Cold, nowMs, customer.Population)!;

        Assert.Equal((pyramid.Name, tier), (told.Scheme, told.From));
        TierChange drop = Recalibrate(customer, change => change.Direction == TierDirection.Down);
        Assert.Equal(pyramid.TierName(drop.To), told.To);
        // An estimate is exact to the hour, and so is a population that is looked at every hour.
        Assert.InRange(UnixMs(told) - drop.AtMs, -2 * HourMs, 2 * HourMs);
        Assert.True(UnixMs(told) > nowMs + pyramid.Grace.LengthMs, "grace is a part of it");
    }

    [Fact]
    public void In_grace_the_fall_is_when_grace_ends()
    {
        TestCustomer customer = AtPlace(20);
        TierChange notice = Recalibrate(customer, change => change.Direction == TierDirection.DropPending);
        SchemeState held = Held(customer);
        Assert.True(held.InGrace);

        ProfileFall told = fall.Find(in customer.State, in customer.Cold, notice.AtMs, customer.Population)!;

        Assert.Equal(pyramid.DropMs(in held), UnixMs(told));
        Assert.Equal("gold", told.From);
    }

    [Fact]
    public void Who_cannot_fall_is_told_nothing()
    {
        TestCustomer lowest = AtPlace(900);
        Assert.Equal("lead", lowest.Held(pyramid.Name));
        var unranked = new TestCustomer(rules);

        Assert.Null(fall.Find(in lowest.State, in lowest.Cold, nowMs, lowest.Population));
        Assert.Null(fall.Find(in unranked.State, in unranked.Cold, nowMs, lowest.Population));
    }

    [Fact]
    public void Bounds_that_are_fixed_are_left_to_the_deadline_that_is_stored()
    {
        var fixedRules = new ScoringRules(rules.Policy with { Schemes = rules.Policy.Schemes with { Badge = "absolute" } });
        TestCustomer customer = AtPlace(20);

        Assert.Null(new BadgeFall(fixedRules).Find(in customer.State, in customer.Cold, nowMs, customer.Population));
    }

    /// <summary>A steady buyer among others of whom so many are worth more.</summary>
    private TestCustomer AtPlace(int place)
    {
        TestCustomer customer = SteadyBuyer();
        double value = customer.At("2024-07-01", signals => signals.CustomerValue);
        return Among(customer, [.. Enumerable.Range(1, Others).Select(i => value * (Others - i) / (Others - place - 0.5))]);
    }

    /// <summary>A steady buyer who is worth more than all others until a silence has lasted so long.</summary>
    private TestCustomer WorthAsTheOthersAfter(int days)
    {
        TestCustomer customer = SteadyBuyer();
        string then = DateTimeOffset.FromUnixTimeMilliseconds(nowMs).AddDays(days).ToString("O");
        double value = customer.At(then, signals => signals.CustomerValue);
        return Among(customer, [.. Enumerable.Repeat(value, Others)]);
    }

    private static TestCustomer SteadyBuyer() => new TestCustomer(rules).PurchaseEvery(days: 14, count: 13, amount: 80);

    private TestCustomer Among(TestCustomer customer, double[] others)
    {
        customer.Population = TestPopulation.Of(pyramid, (Quantity.CustomerValue, others));
        Assess(customer, nowMs);
        return customer;
    }

    /// <summary>Looks at the customer every hour, as recalibration does, until something happens to its pyramid tier.</summary>
    private TierChange Recalibrate(TestCustomer customer, Predicate<TierChange> isAwaited)
    {
        const int sixYearsHours = 6 * 366 * 24;
        for (int hour = 1; hour < sixYearsHours; hour++)
        {
            Assess(customer, nowMs + hour * HourMs);
            foreach (TierChange change in buffer.Changes)
            {
                if (change.Scheme == pyramid.Id && isAwaited(change))
                    return change;
            }
        }
        throw new InvalidOperationException("nothing happened in six years");
    }

    private void Assess(TestCustomer customer, long atMs)
    {
        buffer.Clear();
        Scorer.Assess(ref customer.State, ref customer.Cold, atMs, TransitionCause.Recalibration, SchemeScope.All, rules, customer.Population, buffer);
    }

    private static SchemeState Held(TestCustomer customer) => SchemeState.Of(pyramid.Id, in customer.State, in customer.Cold);

    private static long UnixMs(ProfileFall told) => new DateTimeOffset(told.At).ToUnixTimeMilliseconds();
}
