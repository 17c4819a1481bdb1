using System.CommandLine;

namespace StreamScorer.Worker.CommandLine;

/// <summary><c>streamscorer customer ID</c>: one customer as stored, scored now.</summary>
internal static class CustomerCommand
{
    private static readonly Argument<string> id = new("ID") { Description = "Customer id" };
    private static readonly Option<bool> json = new("--json") { Description = "Print one JSON object and nothing else on standard output" };

    /// <summary>The command.</summary>
    public static Command Build(ConfigurationFlags flags)
    {
        var command = new Command("customer", "Show a customer's tiers, signals and next deadline") { id, json };
        command.SetAction((parsed, cancellation) => Task.FromResult(ExitCode.NotFound));
        return command;
    }
}
