using System.CommandLine;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using StreamScorer.Scoring.Policy;
using StreamScorer.Worker.Configuration;
using StreamScorer.Worker.Customers;
using StreamScorer.Worker.Hosting;
using StreamScorer.Worker.Populations;

namespace StreamScorer.Worker.CommandLine;

/// <summary><c>streamscorer customer ID</c>: one customer as stored, scored now. Reads beside a running worker.</summary>
internal static class CustomerCommand
{
    private static readonly Argument<string> id = new("ID") { Description = "Customer id" };
    private static readonly Option<bool> json = new("--json") { Description = "Print one JSON object and nothing else on standard output" };

    private static readonly Option<bool> explain = new("--explain") { Description = "Show every signal with its inputs and its arithmetic" };

    /// <summary>The command.</summary>
    public static Command Build(ConfigurationFlags flags)
    {
        var command = new Command("customer", "Show a customer's tiers, signals and next deadline") { id, json, explain };
        command.SetAction((parsed, cancellation) => RunAsync(
            flags.Load(parsed), parsed.GetValue(id)!, parsed.GetValue(json), parsed.GetValue(explain), parsed.InvocationConfiguration, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        StreamScorerOptions options, string customerId, bool asJson, bool withExplanation, InvocationConfiguration terminal, CancellationToken cancellation)
    {
        ScoringRules rules = PolicyLoader.Load(options.PolicyFile);
        await using Deployment deployment = options.Source == SourceKind.Kafka
            ? await Deployment.OpenAsync(options, NullLoggerFactory.Instance, cancellation)
            : Deployment.OpenStandaloneReadOnly(options);
        var lookup = new CustomerLookup(
            deployment.Store, deployment.PartitionCount, () => rules,
            new CurrentPopulation(deployment.Store, deployment.PartitionCount, () => rules, TimeProvider.System), ClientOptions.EffectiveClock(options), TimeProvider.System);
        if (await lookup.FindAsync(customerId, cancellation, withExplanation) is not CustomerProfile profile)
        {
            terminal.Error.WriteLine($"error: no event of customer {customerId} has been applied");
            return ExitCode.NotFound;
        }
        if (asJson)
            terminal.Output.WriteLine(JsonSerializer.Serialize(profile, WorkerJson.Default.CustomerProfile));
        else
            ProfilePrinter.Print(profile, terminal.Output);
        return ExitCode.Ok;
    }
}
