using System.Collections.Immutable;
using System.Reflection;
using StreamScorer.Scoring.Policy;
using Xunit;

namespace StreamScorer.Scoring.Tests.Policy;

/// <summary>What stored sums were built with is told apart from what only acts when tiers are assessed.</summary>
public sealed class AccumulatingConstantsTests
{
    private static readonly ScoringPolicy stored = new();

    private static readonly Dictionary<string, ScoringPolicy> changed = new()
    {
        ["businessTimeZone"] = stored with { BusinessTimeZone = "Asia/Shanghai" },
        ["baseCurrency"] = stored with { BaseCurrency = "EUR" },
        ["rates"] = stored with { Rates = ImmutableSortedDictionary<string, decimal>.Empty.Add("EUR", 1.1m) },
        ["value.discountRatePerYear"] = stored with { Value = stored.Value with { DiscountRatePerYear = 0.2 } },
        ["value.profitHalfLifeDays"] = stored with { Value = stored.Value with { ProfitHalfLifeDays = 100 } },
        ["value.fastHalfLifeDays"] = stored with { Value = stored.Value with { FastHalfLifeDays = 61 } },
        ["value.slowHalfLifeDays"] = stored with { Value = stored.Value with { SlowHalfLifeDays = 241 } },
        ["degrees.contactHalfLifeDays"] = stored with { Degrees = stored.Degrees with { ContactHalfLifeDays = 1 } },
        ["degrees.ratingHalfLifeDays"] = stored with { Degrees = stored.Degrees with { RatingHalfLifeDays = 1 } },
        ["degrees.complaintHalfLifeDays"] = stored with { Degrees = stored.Degrees with { ComplaintHalfLifeDays = 1 } },
        ["degrees.referralHalfLifeDays"] = stored with { Degrees = stored.Degrees with { ReferralHalfLifeDays = 1 } },
        ["degrees.retentionPeriodDays"] = stored with { Degrees = stored.Degrees with { RetentionPeriodDays = 30 } },
        ["degrees.satisfactionFactors"] = stored with { Degrees = stored.Degrees with { SatisfactionFactors = ["price", "product"] } },
    };

    public static TheoryData<string> Keys => [.. AccumulatingConstants.Keys];

    [Theory]
    [MemberData(nameof(Keys))]
    public void A_constant_that_accumulates_is_told_by_its_key_and_both_values(string key)
    {
        string difference = Assert.Single(AccumulatingConstants.Differences(stored, changed[key]));
        Assert.StartsWith(key + ": ", difference, StringComparison.Ordinal);
        Assert.Contains(" -> ", difference, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_half_life_of_the_policy_accumulates()
    {
        IEnumerable<string> halfLives = new[] { typeof(ValuePolicy), typeof(DegreesPolicy) }
            .SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
            .Where(property => property.Name.EndsWith("HalfLifeDays", StringComparison.Ordinal))
            .Select(property => property.Name);
        Assert.All(halfLives, name => Assert.Contains(AccumulatingConstants.Keys, key => key.EndsWith("." + name, StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    public void Bounds_model_and_prior_can_change_at_any_time()
    {
        ScoringPolicy next = stored with
        {
            Version = 2,
            Value = stored.Value with { HorizonYears = 5, PriorMarginRate = 0.3 },
            Model = stored.Model with { R = 0.6, ChurnHorizonDays = 90 },
            Schemes = stored.Schemes with { Absolute = stored.Schemes.Absolute with { Bounds = [500, 100, 20] } },
        };
        Assert.Empty(AccumulatingConstants.Differences(stored, next));
    }
}
