using FsCheck.Fluent;
using StreamScorer.Scoring.Models;
using Xunit;

namespace StreamScorer.Scoring.Tests.Models;

/// <summary>What holds for every parameter set and history.</summary>
public sealed class MbgCnbdPropertyTests
{
    [Fact]
    public void Probabilities_lie_in_0_to_1() =>
        ModelGenerators.Holds(
            from model in ModelGenerators.Models(1, 4)
            from h in ModelGenerators.Histories
            from horizon in ModelGenerators.LogUniform(0.01, 500)
            select (model, h, horizon),
            c => c.model.AliveProbability(c.h) is >= 0 and <= 1
                && c.model.NoPurchaseProbability(c.h, c.horizon) is >= 0 and <= 1);

    [Fact]
    public void Alive_probability_falls_in_silence_for_every_k() =>
        ModelGenerators.Holds(
            from model in ModelGenerators.Models(1, 4)
            from h in ModelGenerators.Histories
            from more in ModelGenerators.LogUniform(0.01, 100)
            select (model, h, later: h with { Age = h.Age + more }),
            c => c.model.AliveProbability(c.later) <= c.model.AliveProbability(c.h) * (1 + 1e-14));

    [Fact]
    public void Churn_risk_rises_and_expected_purchases_fall_in_silence_for_k_1() =>
        ModelGenerators.Holds(
            from model in ModelGenerators.Models(1, 1)
            from h in ModelGenerators.Histories
            from more in ModelGenerators.LogUniform(0.01, 100)
            select (model, h, later: h with { Age = h.Age + more }),
            c => c.model.NoPurchaseProbability(c.later, 13) >= c.model.NoPurchaseProbability(c.h, 13) - 1e-14
                && c.model.ExpectedPurchases(c.later, 52) <= c.model.ExpectedPurchases(c.h, 52) * (1 + 1e-10));

    [Fact]
    public void Silence_until_a_threshold_ends_at_that_threshold() =>
        ModelGenerators.Holds(
            from model in ModelGenerators.Models(1, 4)
            from h in ModelGenerators.Histories
            from percent in Gen.Choose(1, 99)
            select (model, h, theta: percent / 100.0),
            c =>
            {
                double silence = c.model.SilenceUntilAlive(c.h.Repeats, c.h.Recency, c.theta);
                double AliveAfter(double s) => c.model.AliveProbability(c.h with { Age = c.h.Recency + s });
                if (silence == 0) return AliveAfter(0) <= c.theta;
                if (double.IsPositiveInfinity(silence)) return AliveAfter(MbgCnbd.SilenceCap) > c.theta;
                return Math.Abs(AliveAfter(silence) - c.theta) < 1e-12;
            });

    [Fact]
    public void Half_of_the_living_buy_within_the_median_time() =>
        ModelGenerators.Holds(
            from model in ModelGenerators.Models(1, 4)
            from h in ModelGenerators.Histories
            select (model, h),
            c =>
            {
                double alive = c.model.AliveProbability(c.h);
                double silent = c.model.NoPurchaseProbability(c.h, c.model.MedianTimeToNextPurchase(c.h));
                return Math.Abs(1 - silent - (alive / 2)) < 1e-9;
            });

    [Fact]
    public void Silence_updates_the_belief_by_bayes_rule() =>
        ModelGenerators.Holds(
            from model in ModelGenerators.Models(1, 4)
            from h in ModelGenerators.Histories
            from more in ModelGenerators.LogUniform(0.01, 100)
            select (model, h, more),
            c =>
            {
                // P(alive later and silent until then) = P(silent) - P(dead now).
                double silent = c.model.NoPurchaseProbability(c.h, c.more);
                double later = c.model.AliveProbability(c.h with { Age = c.h.Age + c.more });
                return Math.Abs((later * silent) - (silent - (1 - c.model.AliveProbability(c.h)))) < 1e-12;
            });

    [Fact]
    public void Expected_purchases_are_at_least_the_probability_of_one_and_equal_it_in_a_short_time() =>
        ModelGenerators.Holds(
            from model in ModelGenerators.Models(1, 4)
            from h in ModelGenerators.Histories
            select (model, h),
            c =>
            {
                double some = 1 - c.model.NoPurchaseProbability(c.h, 26);
                var p = c.model.Parameters;
                double moment = 1e-3 * (p.Alpha + c.h.Age) / (p.R + (p.K * (c.h.Repeats + 1)));
                double someAtOnce = 1 - c.model.NoPurchaseProbability(c.h, moment);
                return c.model.ExpectedPurchases(c.h, 26) >= some - 1e-12
                    && Math.Abs(c.model.ExpectedPurchases(c.h, moment) - someAtOnce) <= (0.01 * someAtOnce) + 1e-12;
            });
}
