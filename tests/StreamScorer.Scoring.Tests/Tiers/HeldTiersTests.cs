using System.Globalization;
using System.Text;
using StreamScorer.Scoring.Tiers;
using Xunit;

namespace StreamScorer.Scoring.Tests.Tiers;

/// <summary>All transitions and notices of three lives, line by line: whoever moves a default, a bound or an instant sees here what that does.</summary>
public sealed class HeldTiersTests
{
    [Fact]
    public void Three_lives_are_told_as_they_were()
    {
        var text = new StringBuilder();
        Tell(text, "A one-time buyer, silent for ever", new TestCustomer(TestCustomer.DefaultRules).Purchase("2024-01-15T10:00:00Z", 300, 120).Silence("2034-01-01"));
        Tell(text, "A monthly buyer who stops and comes back", new TestCustomer(TestCustomer.DefaultRules)
            .PurchaseEvery(30, 18, 45, "2023-01-10").Contact("2024-07-01").Refer("2024-07-02").Silence("2027-01-01").Purchase("2027-01-02", 80).Silence("2028-01-01"));
        Tell(text, "A customer who costs more than it brings, and does not pay", new TestCustomer(TestCustomer.DefaultRules)
            .Purchase("2024-01-15", 50, 45).Cost("2024-02-01", 400).Complain("2024-02-02", 3).Default("2024-03-01").Silence("2026-01-01"));
        Golden.Matches("tests/StreamScorer.Scoring.Tests/Tiers/held-tiers.golden.txt", text.ToString());
    }

    private static void Tell(StringBuilder text, string who, TestCustomer customer)
    {
        text.Append(who).Append('\n');
        foreach (TierChange c in customer.Changes)
        {
            TierScheme scheme = TestCustomer.DefaultRules.Schemes.Single(s => s.Id == c.Scheme);
            text.Append(CultureInfo.InvariantCulture, $"  {DateTimeOffset.FromUnixTimeMilliseconds(c.AtMs):yyyy-MM-ddTHH:mm:ssZ} {scheme.Name} {c.Direction} ")
                .Append(CultureInfo.InvariantCulture, $"{scheme.TierName(c.From)} -> {scheme.TierName(c.To)} ({c.StrategyId}) ")
                .Append(CultureInfo.InvariantCulture, $"value {c.CustomerValue:F2} risk {c.ChurnRisk:F4} [{string.Join(' ', TransitionFlagsOf.NamesOf(c.Flags))}]\n");
        }
    }
}
