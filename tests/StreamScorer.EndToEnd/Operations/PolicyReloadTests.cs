using System.Text.Json;
using StreamScorer.Scoring.Policy;
using StreamScorer.Testing;

namespace StreamScorer.EndToEnd.Operations;

/// <summary>F23: the policy file of a running worker changes, and it is told by SIGHUP, while events come in.</summary>
public sealed class PolicyReloadTests : IDisposable
{
    private static readonly string[] tiers = ["bronze", "silver", "gold", "platinum"];
    private static readonly ScoringPolicy first = Bounded(1, 1_000_000, 40_000, 25_000);
    private static readonly ScoringPolicy second = Bounded(2, 60_000, 35_000, 15_000);

    private readonly TempDirectory directory = new();
    private readonly CancellationTokenSource patience = new(TimeSpan.FromMinutes(3));

    public void Dispose()
    {
        directory.Dispose();
        patience.Dispose();
    }

    [Fact]
    public async Task A_hangup_puts_a_policy_in_force_as_a_whole_or_not_at_all_and_every_transition_is_decided_by_the_one_it_names()
    {
        string file = Path.Combine(directory.Path, "policy.json");
        await File.WriteAllTextAsync(file, PolicyFile.Format(first));
        await using RunningWorker worker = await RunningWorker.StartAsync(patience.Token, "--policy", file, "--set", "Publish:Schemes=absolute");
        await using var output = new OutputTopic(worker.Servers.Broker.Bootstrap, 2);
        await worker.FeedAsync(200, 0, patience.Token);
        await output.HasAsync(1, patience.Token);

        // Half of it could be used: the new bounds. Nothing of it may be.
        await ReloadAsync(PolicyFile.Format(second).Replace("discountRatePerYear", "discountRatePerDay", StringComparison.Ordinal), "discountRatePerDay");
        await ReloadAsync(PolicyFile.Format(second with { Value = second.Value with { ProfitHalfLifeDays = 90 } }), "value.profitHalfLifeDays: 365 -> 90");
        await ReloadAsync(PolicyFile.Format(second), "Policy 2 is in force");
        await worker.FeedAsync(200, 0, patience.Token, customers: "new-");
        worker.Program.Terminate();
        Assert.Equal(0, (await worker.Program.EndAsync()).ExitCode);

        JsonElement[] transitions = [.. (await output.ReadAsync()).Select(record => JsonDocument.Parse(record.Value!).RootElement.GetProperty("data"))];
        Assert.Contains(transitions, transition => Version(transition) == 2 && Text(transition, "cause") == "event");
        JsonElement[] byPolicy = [.. transitions.Where(transition => Text(transition, "cause") == "policy")];
        Assert.NotEmpty(byPolicy);
        Assert.All(byPolicy, transition => Assert.Equal(2, Version(transition)));
        foreach (IGrouping<string, JsonElement> customer in transitions.GroupBy(transition => Text(transition, "customerId")))
            Assert.Equal(customer.Select(Version).Order(), customer.Select(Version));
        JsonElement[] risen = [.. transitions.Where(transition => Text(transition, "direction") == "up")];
        Assert.Contains(risen, transition => TierUnder(first, transition) != TierUnder(second, transition));
        Assert.All(risen, transition => Assert.Equal(TierUnder(Version(transition) == 1 ? first : second, transition), Text(transition, "to")));

        // The worker reads the file while the next records already wait for it.
        async Task ReloadAsync(string policy, string answer)
        {
            await File.WriteAllTextAsync(file, policy, patience.Token);
            Task feeding = worker.FeedAsync(200, 0, patience.Token);
            worker.Program.Reload();
            await worker.Program.ErrorLineAsync(answer, patience.Token);
            await feeding;
        }
    }

    private static ScoringPolicy Bounded(long version, params ReadOnlySpan<double> bounds)
    {
        var schemes = new SchemesPolicy();
        return new() { Version = version, Schemes = schemes with { Absolute = schemes.Absolute with { Bounds = [.. bounds] } } };
    }

    private static string TierUnder(ScoringPolicy policy, JsonElement transition)
    {
        double value = transition.GetProperty("signals").GetProperty("customerValue").GetDouble();
        return tiers[policy.Schemes.Absolute.Bounds.Count(bound => value >= bound)];
    }

    private static long Version(JsonElement transition) => transition.GetProperty("policyVersion").GetInt64();

    private static string Text(JsonElement transition, string name) => transition.GetProperty(name).GetString()!;
}
