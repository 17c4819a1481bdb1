using System.Text;
using System.Text.Json.Nodes;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Strategies;
using StreamScorer.Scoring.Tiers;
using StreamScorer.Scoring.Tiers.Schemes;
using Xunit;

namespace StreamScorer.Scoring.Tests.Strategies;

/// <summary>The strategies as shipped, and which one a transition carries.</summary>
public sealed class StrategyTests
{
    private const string ConfigPath = "config/strategies.json";

    [Theory]
    [InlineData("pyramid", "platinum", LifecycleStage.Maturity, TransitionFlags.None, "pyramid.platinum")]
    [InlineData("pyramid", "platinum", LifecycleStage.Maturity, TransitionFlags.Unwelcome, "unwelcome")]
    [InlineData("value-growth", "high", LifecycleStage.Acquisition, TransitionFlags.None, "value-growth.high.contact")]
    [InlineData("value-growth", "high", LifecycleStage.Maturity, TransitionFlags.None, "value-growth.high.formation")]
    [InlineData("value-growth", "high", LifecycleStage.Decline, TransitionFlags.Declining, "value-growth.high.decline")]
    [InlineData("value-growth", "high", LifecycleStage.Exited, TransitionFlags.Declining, "value-growth.high")]
    [InlineData("value-growth", "low", LifecycleStage.Maturity, TransitionFlags.None, "value-growth.low")]
    [InlineData("value-growth", "low", LifecycleStage.Acquisition, TransitionFlags.NewCustomer | TransitionFlags.PriceSensitive, "value-growth.low.new")]
    [InlineData("value-growth", "low", LifecycleStage.Maturity, TransitionFlags.PriceSensitive, "value-growth.low.price-sensitive")]
    [InlineData("value-growth", "low", LifecycleStage.Maturity, TransitionFlags.PriceSensitive | TransitionFlags.Unwelcome, "unwelcome")]
    [InlineData("value-loyalty", "golden", LifecycleStage.Maturity, TransitionFlags.Unfulfilled, "value-loyalty.unfulfilled")]
    [InlineData("lifecycle", "harmful", LifecycleStage.Harmful, TransitionFlags.Deadbeat | TransitionFlags.Unwelcome, "harmful.deadbeat")]
    [InlineData("lifecycle", "harmful", LifecycleStage.Harmful, TransitionFlags.None, "lifecycle.harmful")]
    [InlineData("lifecycle", "decline", LifecycleStage.Decline, TransitionFlags.CompetitorCause | TransitionFlags.Declining, "lifecycle.decline.competitor")]
    [InlineData("rfm", "unranked", LifecycleStage.Maturity, TransitionFlags.None, "any")]
    public void The_most_specific_strategy_is_chosen(string schemeName, string tier, LifecycleStage stage, TransitionFlags flags, string id)
    {
        TierScheme scheme = TierSchemes.BuildAll(new SchemesPolicy()).Single(s => s.Name == schemeName);
        byte number = (byte)(scheme.Tiers.ToList().IndexOf(tier) + 1);
        Assert.Equal(id, StrategyBook.BuiltIn.Choose(scheme.Id, number, stage, TierDirection.Down, flags).Id);
    }

    [Fact]
    public void A_direction_narrows_a_tier_down_but_less_than_a_stage()
    {
        StrategyBook book = Change(strategies =>
        {
            strategies.Add(JsonNode.Parse("""{"id":"d","tiers":["pyramid.gold"],"directions":["down","drop-pending"],"advice":[{"english":"e","chinese":"c","source":"own"}]}"""));
            strategies.Add(JsonNode.Parse("""{"id":"s","tiers":["pyramid.gold"],"stages":["growth"],"advice":[{"english":"e","chinese":"c","source":"own"}]}"""));
        }).Book!;
        string Chosen(TierDirection direction, LifecycleStage stage) => book.Choose(SchemeId.Pyramid, 2, stage, direction, TransitionFlags.None).Id;
        Assert.Equal(["pyramid.gold", "d", "d", "s"], [
            Chosen(TierDirection.Up, LifecycleStage.Maturity), Chosen(TierDirection.Down, LifecycleStage.Maturity),
            Chosen(TierDirection.DropPending, LifecycleStage.Maturity), Chosen(TierDirection.Down, LifecycleStage.Growth)]);
    }

    [Fact]
    public void Every_combination_of_tier_stage_direction_and_single_flag_has_a_strategy()
    {
        foreach (TierScheme scheme in TierSchemes.BuildAll(new SchemesPolicy()))
        {
            for (byte tier = 0; tier <= scheme.Tiers.Count; tier++)
            {
                foreach (LifecycleStage stage in Enum.GetValues<LifecycleStage>())
                {
                    foreach (TransitionFlags flag in Enum.GetValues<TransitionFlags>())
                        Assert.NotEmpty(StrategyBook.BuiltIn.Choose(scheme.Id, tier, stage, TierDirection.Up, flag).Advice);
                }
            }
        }
    }

    [Theory]
    [InlineData("tiers", "[\"pyramid.tin\"]", "pyramid.gold: tiers: 'pyramid.tin' is not a tier; allowed: pyramid.platinum, ")]
    [InlineData("advice", "[]", "pyramid.gold: advice: is empty; at least one is needed")]
    [InlineData("advice", "[{\"english\":\"\",\"chinese\":\"c\",\"source\":\"A\"}]", "pyramid.gold: advice: english '' and chinese 'c' must both have a text")]
    [InlineData("advice", "[{\"english\":\"e\",\"chinese\":\"c\",\"source\":\"Z\"}]", "pyramid.gold: advice: source 'Z' is not in the list of sources; allowed: A, B, C, D, E, own")]
    [InlineData("id", "\"pyramid.iron\"", "pyramid.iron: the id stands there more than once; each strategy needs one of its own")]
    [InlineData("stages", "[\"decline\"]", "pyramid.gold: has no strategy without further conditions; every tier needs one")]
    public void An_error_names_strategy_value_and_what_is_allowed(string key, string value, string beginning)
    {
        (StrategyBook? book, IReadOnlyList<string> errors) = Change(strategies => strategies.Single(s => (string?)s!["id"] == "pyramid.gold")![key] = JsonNode.Parse(value));
        Assert.Null(book);
        Assert.Contains(errors, error => error.StartsWith(beginning, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("stages", "[\"puberty\"]")]
    [InlineData("flags", "[\"rich\"]")]
    [InlineData("tier", "\"pyramid.gold\"")]
    public void Unknown_names_and_keys_are_refused_with_their_place(string key, string value)
    {
        (StrategyBook? book, IReadOnlyList<string> errors) = Change(strategies => strategies[1]![key] = JsonNode.Parse(value));
        Assert.Null(book);
        Assert.StartsWith("$.strategies[1]." + key, Assert.Single(errors), StringComparison.Ordinal);
        Assert.Contains("price-sensitive", errors[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Exactly_one_strategy_is_for_everything_else() =>
        Assert.Contains("strategies: exactly one without any condition is needed, for everything else",
            Change(strategies => strategies.Remove(strategies.Single(s => (string?)s!["id"] == "any"))).Errors);

    private static (StrategyBook? Book, IReadOnlyList<string> Errors) Change(Action<JsonArray> change)
    {
        JsonNode root = JsonNode.Parse(Golden.Read(ConfigPath))!;
        change(root["strategies"]!.AsArray());
        return StrategyFile.Parse(Encoding.UTF8.GetBytes(root.ToJsonString()));
    }
}
