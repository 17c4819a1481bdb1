using System.Runtime.InteropServices;
using FsCheck.Fluent;
using StreamScorer.Scoring.Events;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Populations;
using StreamScorer.Scoring.Signals;
using StreamScorer.Scoring.State;
using StreamScorer.Scoring.Tests.Tiers;
using StreamScorer.Scoring.Tiers;
using Xunit;

namespace StreamScorer.Scoring.Tests.Deadlines;

/// <summary>What the hot path leaves out changes nothing: each shortcut beside the full computation, for buyers at random.</summary>
public sealed class ShortcutTests
{
    // The smallest alpha that a horizon allows makes the residual's table coarsest; the shortest half-lives and horizons make all signals fall fastest.
    private const string ShortPolicy = "weeks, small alpha, short horizons and half-lives", LongPolicy = "years, least alpha, long churn horizon";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_lower_bound_is_never_late(bool isRegular)
    {
        ScoringRules rules = isRegular ? DeadlineTests.Regular : TestCustomer.DefaultRules;
        DeadlineTests.Holds(DeadlineTests.Histories, history =>
        {
            TestCustomer customer = DeadlineTests.Customer(rules, history);
            long afterMs = customer.State.LastAssessedMs;
            long exactMs = Scoring.Deadlines.Find(in customer.State, in customer.Cold, rules, afterMs, checkNever: false);
            long boundMs = Scoring.Deadlines.Find(in customer.State, in customer.Cold, rules, afterMs, checkNever: false, isExact: false);
            return boundMs > afterMs && boundMs <= exactMs;
        });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Silence_before_an_event_gives_what_waking_gives(bool isRegular)
    {
        ScoringRules rules = isRegular ? DeadlineTests.Regular : TestCustomer.DefaultRules;
        DeadlineTests.Holds(from history in DeadlineTests.Histories from hours in Gen.Choose(0, 5000) select (history, hours), c =>
        {
            TestCustomer looked = DeadlineTests.Customer(rules, c.history), woken = DeadlineTests.Customer(rules, c.history);
            long eventMs = looked.State.LastAssessedMs + c.hours * 3_600_000L;
            Scoring.Deadlines.Arm(ref woken.State, in woken.Cold, rules, woken.State.LastAssessedMs);
            var changes = new TierChangeBuffer();
            Scorer.Elapse(ref woken.State, ref woken.Cold, eventMs - 1, rules, Population.None, changes);
            return Buy(looked, rules, eventMs, new TierChangeBuffer()) == Buy(woken, rules, eventMs, changes);
        });
    }

    [Theory]
    [InlineData("default")]
    [InlineData(ShortPolicy)]
    [InlineData(LongPolicy)]
    public void The_deadline_that_an_event_leaves_is_never_late(string policy)
    {
        ScoringRules rules = RulesOf(policy);
        int proved = 0;
        const int Cases = 500;
        DeadlineTests.Holds(
            from history in DeadlineTests.Histories
            from type in Gen.Elements(EventType.Purchase, EventType.Purchase, EventType.Contact, EventType.Cost)
            from hours in Gen.OneOf(Gen.Choose(-500, 500), Gen.Choose(0, 5000))
            select (history, type, hours),
            c =>
            {
                TestCustomer customer = DeadlineTests.Customer(rules, c.history);
                Take(customer, rules, c.type, customer.State.LastAssessedMs + c.hours * 3_600_000L, new TierChangeBuffer());
                long afterMs = customer.State.LastAssessedMs;
                long exactMs = Scoring.Deadlines.Find(in customer.State, in customer.Cold, rules, afterMs, checkNever: false);
                proved += Scoring.Deadlines.IsNext(in customer.State) ? 0 : 1;
                return customer.State.DeadlineMs > afterMs && customer.State.DeadlineMs <= exactMs;
            },
            Cases);
        Assert.True(proved > Cases / 10, $"{proved} proved deadlines are too few of {Cases}");
    }

    [Fact]
    public void The_events_of_most_buyers_leave_a_deadline_a_week_away()
    {
        int[] intervals = [.. Enumerable.Range(3, 28)];
        int far = intervals.Count(interval =>
        {
            TestCustomer customer = new TestCustomer(TestCustomer.DefaultRules).PurchaseEvery(interval, 12, 20);
            Buy(customer, TestCustomer.DefaultRules, customer.State.LastAssessedMs + interval * BusinessCalendar.DayMs, new TierChangeBuffer());
            return customer.State.DeadlineMs - customer.State.LastAssessedMs > 7 * BusinessCalendar.DayMs;
        });
        Assert.InRange(far, intervals.Length * 3 / 4, intervals.Length);
    }

    [Fact]
    public void An_event_in_grace_leaves_the_drop_or_a_week_as_the_deadline()
    {
        ScoringRules rules = TestCustomer.DefaultRules;
        int waiting = 0, known = 0;
        for (int interval = 3; interval <= 30; interval++)
        {
            TestCustomer customer = new TestCustomer(rules).PurchaseEvery(interval, 12, 20 + interval * 5);
            DateTimeOffset last = DateTimeOffset.FromUnixTimeMilliseconds(customer.State.LastAssessedMs);
            for (int day = 1; day < 200 && FirstDropMs(rules, customer) == long.MaxValue; day++)
                customer.Silence(last.AddDays(day).ToString("O"));
            if (FirstDropMs(rules, customer) == long.MaxValue)
                continue;
            var e = new CustomerEvent { Type = EventType.Contact, TimeMs = customer.State.LastAssessedMs + 3_600_000, EventIdHash = 5 };
            Scorer.Apply(ref customer.State, ref customer.Cold, in e, rules, Population.None, new TierChangeBuffer(), out _);
            waiting++;
            Assert.True(customer.State.DeadlineMs <= (FirstDropMs(rules, customer) + 999) / 1000 * 1000);
            known += customer.State.DeadlineMs >= Math.Min(FirstDropMs(rules, customer), e.TimeMs + 7 * BusinessCalendar.DayMs) ? 1 : 0;
        }
        Assert.True(waiting > 10 && known > waiting / 2, $"{known} of {waiting} in grace");
    }

    [Fact]
    public void A_grace_that_silence_averts_is_looked_at_when_that_happens()
    {
        // Forgetting two contacts without an answer brings the response degree back above its bound after 17.5 days of the 28 of grace.
        var rules = new ScoringRules(new ScoringPolicy { Degrees = new DegreesPolicy { PriorResponseRate = 0.5, ContactHalfLifeDays = 30 } });
        var customer = new TestCustomer(rules);
        customer.Purchase("2024-01-10T10:00:00Z", 40).Contact("2024-02-01T10:00:00Z").Contact("2024-02-01T11:00:00Z");
        Assert.True(SchemeState.Of(SchemeId.ValueResponse, in customer.State, in customer.Cold).InGrace);

        var e = new CustomerEvent { Type = EventType.Cost, Amount = 1, TimeMs = TestCustomer.Ms("2024-02-13T10:00:00Z"), EventIdHash = 5 };
        Scorer.Apply(ref customer.State, ref customer.Cold, in e, rules, Population.None, new TierChangeBuffer(), out _);
        Assert.True(SchemeState.Of(SchemeId.ValueResponse, in customer.State, in customer.Cold).InGrace);
        long avertedMs = Scoring.Deadlines.Find(in customer.State, in customer.Cold, rules, e.TimeMs, checkNever: false);

        Assert.InRange(avertedMs, TestCustomer.Ms("2024-02-18T00:00:00Z"), TestCustomer.Ms("2024-02-20T00:00:00Z"));
        Assert.True(customer.State.DeadlineMs <= avertedMs);
    }

    [Theory]
    [InlineData("default")]
    [InlineData(ShortPolicy)]
    [InlineData(LongPolicy)]
    public void What_silence_leaves_is_never_below_the_bound(string policy)
    {
        ScoringRules rules = RulesOf(policy);
        int bounded = 0, telling = 0;
        const int Cases = 500;
        DeadlineTests.Holds(
            from history in DeadlineTests.Histories
            from silent in Gen.OneOf(Gen.Constant(0), Gen.Choose(0, 5000))
            from hours in Gen.Choose(1, 400)
            select (history.Where(step => step.Kind != DeadlineTests.EndingKind).Append((20, 0, 100)).ToArray(), silent, hours),
            c =>
            {
                (var history, int silent, int hours) = c;
                TestCustomer customer = DeadlineTests.Customer(rules, history);
                long fromMs = customer.State.LastAssessedMs + silent * 3_600_000L, atMs = fromMs + hours * 3_600_000L;
                var from = new CustomerSignals(in customer.State, in customer.Cold, rules, fromMs);
                if (!SilentBound.Exists(in from))
                    return true;
                var bound = new SilentBound(in from, atMs);
                var then = new CustomerSignals(in customer.State, in customer.Cold, rules, atMs);
                bounded++;
                telling += bound.ResidualValue > 0 && bound.AliveProbability > 0 && bound.ChurnRisk < 1 ? 1 : 0;
                return bound.DecayedProfit <= then.DecayedProfit && bound.AliveProbability <= then.AliveProbability && bound.ChurnRisk >= then.ChurnRisk
                    && bound.ResidualValue <= then.ResidualValue && bound.Trend <= then.Trend;
            },
            Cases);
        Assert.True(bounded > Cases * 3 / 4 && telling > Cases / 2, $"{bounded} bounds, {telling} of them not empty, are too few of {Cases}");
    }

    [Fact]
    public void Signals_are_the_same_to_the_bit_however_they_are_computed() => DeadlineTests.Holds(
        from history in DeadlineTests.Histories from hours in Gen.Choose(0, 50_000) from groups in Gen.Choose(0, (int)SignalGroups.All) select (history, hours, groups),
        c =>
        {
            TestCustomer customer = DeadlineTests.Customer(TestCustomer.DefaultRules, c.history);
            long atMs = customer.State.LastAssessedMs + c.hours * 3_600_000L;
            return Values(customer, atMs, SignalGroups.All).SequenceEqual(Values(customer, atMs, (SignalGroups)c.groups));
        });

    [Fact]
    public void Assessing_gives_what_stepping_every_scheme_gives()
    {
        ScoringRules rules = TestCustomer.DefaultRules;
        // Nobody, fewer than may be ranked, and two crowds with bounds of their own: what one has given is assessed in another.
        Population[] populations = [Population.None, Crowd(rules, 20, 1), Crowd(rules, 150, 1), Crowd(rules, 150, 3)];
        int settled = 0, moved = 0;
        DeadlineTests.Holds(
            from history in DeadlineTests.Histories
            from hours in Gen.ArrayOf(Gen.Choose(0, 2_000), 6)
            from crowd in Gen.ArrayOf(Gen.Choose(0, 3), 6)
            select (history, hours, crowd),
            c =>
            {
                TestCustomer customer = DeadlineTests.Customer(rules, c.history);
                return c.hours.Zip(c.crowd).All(at =>
                {
                    long atMs = customer.State.LastAssessedMs + at.First * 3_600_000L;
                    SchemeState[] before = Held(rules, customer), stepped = Stepped(rules, customer, atMs, populations[at.Second]);
                    Scorer.Assess(
                        ref customer.State, ref customer.Cold, atMs, TransitionCause.Recalibration, SchemeScope.All, rules, populations[at.Second], new TierChangeBuffer());
                    settled += before.Zip(stepped).Count(pair => pair.First.Equals(pair.Second));
                    moved += before.Zip(stepped).Count(pair => !pair.First.Equals(pair.Second));
                    return Held(rules, customer).SequenceEqual(stepped);
                });
            });
        Assert.True(settled > 1_000 && moved > 1_000, $"{settled} settled and {moved} moved are too few to tell");
    }

    private static ScoringRules RulesOf(string policy) => policy switch
    {
        "default" => TestCustomer.DefaultRules,
        LongPolicy => new(new ScoringPolicy
        {
            Model = new ModelPolicy { UnitDays = 366, Alpha = 2.6e-4, R = 3, A = 0.05, B = 20, ChurnHorizonDays = 3650 },
            Value = new ValuePolicy { HorizonYears = 0.25, DiscountRatePerYear = 1, ProfitHalfLifeDays = 36_500, FastHalfLifeDays = 300, SlowHalfLifeDays = 36_500 },
        }),
        _ => new(new ScoringPolicy
        {
            Model = new ModelPolicy { Alpha = 0.05, R = 0.1, A = 3, B = 4, ChurnHorizonDays = 1 },
            Value = new ValuePolicy { HorizonYears = 0.25, ProfitHalfLifeDays = 1, FastHalfLifeDays = 1, SlowHalfLifeDays = 2 },
        }),
    };

    private static long FirstDropMs(ScoringRules rules, TestCustomer customer) => rules.Schemes.Where(scheme => !scheme.IsRelative)
        .Min(scheme => SchemeState.Of(scheme.Id, in customer.State, in customer.Cold) is { InGrace: true } held ? scheme.DropMs(in held) : long.MaxValue);

    [Fact]
    public void Buckets_that_settle_a_customer_leave_no_relative_scheme_to_move()
    {
        ScoringRules rules = TestCustomer.DefaultRules;
        Population[] populations = [Population.None, Crowd(rules, 20, 1), Crowd(rules, 150, 1), Crowd(rules, 150, 3)];
        SettledBuckets[] tellers = [.. populations.Select(population => new SettledBuckets(rules, population))];
        int settled = 0, steps = 0;
        DeadlineTests.Holds(
            from history in DeadlineTests.Histories
            from hours in Gen.ArrayOf(Gen.Choose(0, 2_000), 8)
            from crowd in Gen.ArrayOf(Gen.Choose(0, 3), 8)
            select (history, hours, crowd),
            c =>
            {
                TestCustomer customer = DeadlineTests.Customer(rules, c.history);
                // Each crowd twice in a row: first it moves the customer, then it finds it settled.
                return c.hours.Zip(c.crowd.Order()).All(at =>
                {
                    long atMs = customer.State.LastAssessedMs + at.First * 3_600_000L;
                    var signals = new CustomerSignals(in customer.State, in customer.Cold, rules, atMs);
                    bool holds = tellers[at.Second].Hold(PopulationBuckets.Of(in signals, in customer.State), in customer.State, in customer.Cold, atMs);
                    bool moved = Scorer.Assess(
                        ref customer.State, ref customer.Cold, atMs, TransitionCause.Recalibration, SchemeScope.Relative, rules, populations[at.Second],
                        new TierChangeBuffer());
                    settled += holds ? 1 : 0;
                    steps++;
                    return !(holds && moved);
                });
            });
        Assert.InRange(settled, steps / 20, steps - 1);
    }

    private static SchemeState[] Held(ScoringRules rules, TestCustomer customer) =>
        [.. rules.Schemes.Select(scheme => SchemeState.Of(scheme.Id, in customer.State, in customer.Cold))];

    private static SchemeState[] Stepped(ScoringRules rules, TestCustomer customer, long atMs, Population population)
    {
        SchemeState[] stepped = Held(rules, customer);
        var signals = new CustomerSignals(in customer.State, in customer.Cold, rules, atMs);
        for (int i = 0; i < stepped.Length; i++)
            rules.Schemes[i].Step(ref stepped[i], in signals, in customer.State, population);
        return stepped;
    }

    private static Population Crowd(ScoringRules rules, int customers, int scale)
    {
        var sketch = new PopulationSketch();
        for (int i = 0; i < customers; i++)
        {
            TestCustomer customer = new TestCustomer(rules).PurchaseEvery(3 + i % 40, 2 + i % 7, scale * (5 + i), "2023-12-01");
            var signals = new CustomerSignals(in customer.State, in customer.Cold, rules, customer.State.LastAssessedMs);
            PopulationBuckets nowhere = PopulationBuckets.None;
            sketch.Move(ref nowhere, PopulationBuckets.Of(in signals, in customer.State));
        }
        return new Population(1, sketch, rules.Schemes);
    }

    private static long[] Values(TestCustomer customer, long atMs, SignalGroups ahead)
    {
        var s = new CustomerSignals(in customer.State, in customer.Cold, TestCustomer.DefaultRules, atMs, ahead);
        double[] values =
        [
            s.CustomerValue, s.DecayedProfit, s.ResidualValue, s.AliveProbability, s.ChurnRisk, s.Trend, s.Purchases.RfmFrequency, s.Purchases.RfmMonetary,
            s.Values.CurrentValue, s.Values.GrowthValue, s.Values.GrowthValueUncapped, s.Degrees.LoyaltyBehaviour, s.Degrees.ResponseDegree, s.Functions.Indirect,
        ];
        return [.. values.Select(BitConverter.DoubleToInt64Bits)];
    }

    // What an event leaves behind: the changes so far, what is held and every grace.
    private static string Buy(TestCustomer customer, ScoringRules rules, long atMs, TierChangeBuffer changes) =>
        Take(customer, rules, EventType.Purchase, atMs, changes);

    private static string Take(TestCustomer customer, ScoringRules rules, EventType type, long atMs, TierChangeBuffer changes)
    {
        var e = new CustomerEvent { Type = type, TimeMs = atMs, Amount = Money.FromDouble(20), EventIdHash = 5 };
        Scorer.Apply(ref customer.State, ref customer.Cold, in e, rules, Population.None, changes, out _);
        CustomerState state = customer.State;
        state.DeadlineMs = 0;
        return string.Join('\n', changes.Changes.ToArray()) + Convert.ToHexString(CustomerState.AsBytes(in state))
            + Convert.ToHexString(MemoryMarshal.AsBytes((ReadOnlySpan<uint>)customer.Cold.GraceStartS));
    }
}
