using System.Runtime.InteropServices;
using FsCheck;
using FsCheck.Fluent;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Populations;
using StreamScorer.Scoring.Signals;
using StreamScorer.Scoring.State;
using StreamScorer.Scoring.Tests.Tiers;
using StreamScorer.Scoring.Tiers;
using Xunit;

namespace StreamScorer.Scoring.Tests.Deadlines;

/// <summary>A deadline is the first second at which naive rescoring would change what is held; where there is none within the window it is a lower bound.</summary>
public sealed class DeadlineTests
{
    // Regular buyers whose risk within a month dips when the next purchase is due: bounds lie across the dip. The short horizon only makes the table quick.
    internal static readonly ScoringRules Regular = new(new ScoringPolicy
    {
        Value = new ValuePolicy { HorizonYears = 0.5 },
        Model = new ModelPolicy { K = 3, R = 1.5, Alpha = 9, A = 0.6, B = 3, ChurnHorizonDays = 30 },
        Schemes = new SchemesPolicy { Churn = new ChurnPolicy { Bounds = [0.70, 0.82] } },
    });

    /// <summary>The kind of the endings in <see cref="Histories"/>.</summary>
    internal const int EndingKind = 11;

    // Purchases, costs, referrals, contacts, ratings and endings of one customer, in order, some days apart; amounts reach over the bounds of all schemes.
    internal static readonly Gen<(int Days, int Kind, int Amount)[]> Histories =
        (from days in Gen.Frequency((4, Gen.Choose(0, 25)), (1, Gen.Choose(26, 300)))
         from kind in Gen.Choose(0, EndingKind)
         from amount in Gen.Choose(1, 400)
         select (days, kind, amount)).NonEmptyListOf().Select(list => list.ToArray());

    [Fact]
    public void It_is_the_first_change_for_buyers_at_random() => Holds(
        from history in Histories from silentDays in Gen.Choose(0, 400) select (history, silentDays),
        c => IsFirstChange(TestCustomer.DefaultRules, Customer(TestCustomer.DefaultRules, c.history), c.silentDays));

    [Fact]
    public void It_is_the_first_change_for_regular_buyers_on_both_branches() => Holds(
        from history in Histories from silentDays in Gen.Choose(0, 400) select (history, silentDays),
        c => IsFirstChange(Regular, Customer(Regular, c.history), c.silentDays));

    [Fact]
    public void A_regular_buyers_risk_first_dips_and_then_rises_and_both_changes_are_found()
    {
        TestCustomer customer = new TestCustomer(Regular).PurchaseEvery(60, 12, 30).Silence("2028-01-01");
        Assert.Equal(["Up high medium", "Up medium low", "Down low medium", "Down medium high"], customer.Story("churn")[^4..].Select(line => line[11..]));
    }

    [Fact]
    public void Waking_never_stands_still_and_ends()
    {
        TestCustomer customer = new TestCustomer(TestCustomer.DefaultRules).PurchaseEvery(20, 5, 500);
        int looks = 0;
        while (customer.State.DeadlineMs != long.MaxValue)
        {
            long deadlineMs = customer.State.DeadlineMs;
            Assert.True(deadlineMs > customer.State.LastAssessedMs);
            Assert.True(deadlineMs % 1000 == 0);
            customer.Silence(DateTimeOffset.FromUnixTimeMilliseconds(deadlineMs).ToString("O"));
            Assert.True(++looks < 2000);
        }
        Assert.Equal(("exited", "bronze", "high"), (customer.Held("lifecycle"), customer.Held("absolute"), customer.Held("churn")));
    }

    [Fact]
    public void How_often_one_looks_does_not_matter()
    {
        TestCustomer Fresh() => new TestCustomer(TestCustomer.DefaultRules).PurchaseEvery(20, 5, 100).Contact("2024-04-01").Refer("2024-04-02");
        TestCustomer once = Fresh().Silence("2028-01-01"), daily = Fresh();
        for (int day = 0; day < 1400; day++)
            daily.Silence(Later("2024-04-03", day));
        Assert.NotEmpty(once.Changes);
        Assert.Equal(once.Changes.Where(c => c.AtMs < TestCustomer.Ms("2028-01-01")), daily.Changes);
    }

    [Fact]
    public void It_allocates_nothing()
    {
        TestCustomer random = new TestCustomer(TestCustomer.DefaultRules).PurchaseEvery(20, 5, 100), steady = new TestCustomer(Regular).PurchaseEvery(20, 5, 100);
        Scoring.Deadlines.Arm(ref random.State, ref random.Cold, TestCustomer.DefaultRules, random.State.LastAssessedMs);
        Scoring.Deadlines.Arm(ref steady.State, ref steady.Cold, Regular, steady.State.LastAssessedMs);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Scoring.Deadlines.Arm(ref random.State, ref random.Cold, TestCustomer.DefaultRules, random.State.LastAssessedMs);
        Scoring.Deadlines.Arm(ref steady.State, ref steady.Cold, Regular, steady.State.LastAssessedMs);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    internal static void Holds<T>(Gen<T> cases, Func<T, bool> property, int tests = 100) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(tests).WithReplay(20240607, 31), Prop.ForAll(cases.ToArbitrary(), property));

    private static string Later(string time, int days) => DateTimeOffset.FromUnixTimeMilliseconds(TestCustomer.Ms(time)).AddDays(days).ToString("O");

    internal static TestCustomer Customer(ScoringRules rules, (int Days, int Kind, int Amount)[] history)
    {
        var customer = new TestCustomer(rules);
        DateTimeOffset at = DateTimeOffset.FromUnixTimeMilliseconds(TestCustomer.Ms("2022-01-03T11:22:33.456Z"));
        foreach ((int days, int kind, int amount) in history)
        {
            at = at.AddDays(days).AddSeconds(amount);
            string time = at.ToString("O");
            _ = kind switch
            {
                <= 5 => customer.Purchase(time, amount, category: kind == 3 ? "c" + amount : null),
                6 => customer.Cost(time, amount * 2),
                7 => customer.Refer(time),
                8 => customer.Contact(time),
                9 => customer.Rate(time, 1 + amount % 5),
                10 => customer.Refund(time, amount),
                _ => customer.End(time, at.AddDays(amount).ToString("O"), Scoring.Events.EndingReason.Moved),
            };
        }
        return customer;
    }

    private static bool IsFirstChange(ScoringRules rules, TestCustomer customer, int silentDays)
    {
        DateTimeOffset from = DateTimeOffset.FromUnixTimeMilliseconds(customer.State.LastAssessedMs).AddDays(silentDays);
        customer.Silence(from.ToString("O"));
        long afterMs = Math.Max(from.ToUnixTimeMilliseconds(), customer.State.LastAssessedMs);
        long deadlineMs = Scoring.Deadlines.Find(in customer.State, in customer.Cold, rules, afterMs, checkNever: true);
        long firstMs = (afterMs / 1000 + 1) * 1000, endMs = firstMs + Scoring.Deadlines.WindowMs;
        if (deadlineMs == long.MaxValue)
            return Range(firstMs, firstMs + 40 * 365 * BusinessCalendar.DayMs, 97 * BusinessCalendar.DayMs + 1000).All(ms => !Changes(rules, customer, ms));
        bool changes = Changes(rules, customer, deadlineMs);
        bool nothingBefore = Range(firstMs, deadlineMs, 10_711_000).Concat(Range(Math.Max(firstMs, deadlineMs - 90_000), deadlineMs, 1000))
            .All(ms => !Changes(rules, customer, ms));
        return nothingBefore && deadlineMs >= firstMs && (changes || deadlineMs == endMs);
    }

    private static IEnumerable<long> Range(long fromMs, long untilMs, long stepMs)
    {
        for (long ms = fromMs; ms < untilMs; ms += stepMs)
            yield return ms;
    }

    private static bool Changes(ScoringRules rules, TestCustomer customer, long atMs)
    {
        CustomerState state = customer.State;
        ColdState cold = customer.Cold;
        var buffer = new TierChangeBuffer();
        Scorer.Assess(ref state, ref cold, atMs, TransitionCause.Silence, SchemeScope.Absolute, rules, Population.None, buffer);
        ReadOnlySpan<byte> held = customer.State.HeldTiers, now = state.HeldTiers;
        ReadOnlySpan<byte> graceHeld = MemoryMarshal.AsBytes((ReadOnlySpan<uint>)customer.Cold.GraceStartS), graceNow = MemoryMarshal.AsBytes((ReadOnlySpan<uint>)cold.GraceStartS);
        return !held.SequenceEqual(now) || !graceHeld.SequenceEqual(graceNow);
    }
}
