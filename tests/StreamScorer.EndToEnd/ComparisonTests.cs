using StreamScorer.Worker.Replay;

namespace StreamScorer.EndToEnd;

/// <summary>What a campaign counts as missing, twice and out of order.</summary>
public sealed class ComparisonTests
{
    [Theory]
    [InlineData("abc", "abc", 0, 0, 0)]
    [InlineData("abc", "ac", 1, 0, 0)]
    [InlineData("abc", "abbc", 0, 1, 0)]
    [InlineData("abc", "abxc", 0, 1, 0)]
    [InlineData("abc", "acb", 0, 0, 1)]
    [InlineData("aba", "aab", 0, 0, 1)]
    [InlineData("aba", "abaa", 0, 1, 0)]
    [InlineData("", "a", 0, 1, 0)]
    [InlineData("ab", "", 2, 0, 0)]
    public void One_customer(string undisturbed, string other, int missing, int twice, int outOfOrder) =>
        Assert.Equal(new Comparison(missing, twice, outOfOrder), Comparison.Of(Transitions(undisturbed), Transitions(other)));

    [Fact]
    public void Customers_of_both_runs_count()
    {
        Comparison all = Comparison.Of(
            new Dictionary<string, List<PublishedTransition>> { ["ann"] = Transitions("ab"), ["bob"] = Transitions("a") },
            new Dictionary<string, List<PublishedTransition>> { ["ann"] = Transitions("ba"), ["cay"] = Transitions("a") });

        Assert.Equal(new Comparison(Missing: 1, Twice: 1, OutOfOrder: 1), all);
        Assert.False(all.IsClean);
    }

    private static List<PublishedTransition> Transitions(string tiers) =>
        [.. tiers.Select(tier => new PublishedTransition("ann", "churn", "from", $"{tier}", "up", "event", "2025-01-01T00:00:00.000Z"))];
}
