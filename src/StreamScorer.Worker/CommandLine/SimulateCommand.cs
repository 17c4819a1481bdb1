using System.CommandLine;
using StreamScorer.Worker.Analysis;
using StreamScorer.Worker.Configuration;
using StreamScorer.Worker.Input;

namespace StreamScorer.Worker.CommandLine;

/// <summary><c>streamscorer simulate --policy NEW FILE</c>: who would change tier under another policy.</summary>
internal static class SimulateCommand
{
    private static readonly Argument<string> file = new("FILE") { Description = "CSV with a header row, or NDJSON; .gz is read directly" };

    private static readonly Option<string> against = new("--against")
    {
        Description = "Policy in force to compare with; by default the one that ships",
        HelpName = "POLICY",
        DefaultValueFactory = _ => "",
    };

    private static readonly Option<string> map = new("--map")
    {
        Description = "Columns by field where the header does not say it",
        HelpName = "FIELD=COLUMN,...",
        DefaultValueFactory = _ => "",
    };

    private static readonly Option<bool> json = new("--json") { Description = "Print one JSON object and nothing else on standard output" };

    /// <summary>The command.</summary>
    public static Command Build(ConfigurationFlags flags)
    {
        var command = new Command("simulate", "Tell who would change tier under the policy of --policy, and print a matrix per scheme") { file, against, map, json };
        command.SetAction((parsed, cancellation) =>
        {
            StreamScorerOptions options = flags.Load(parsed);
            var errors = new List<string>();
            if (options.PolicyFile.Length == 0)
                errors.Add("simulate needs --policy NEW, the policy to try");
            if (!ColumnMap.TryParse(parsed.GetValue(map)!, out ColumnMap? columns, out string? mapError))
                errors.Add(mapError);
            if (errors.Count > 0)
                throw new OptionsException(errors);
            SimulationRunner.Run(
                parsed.GetValue(against)!, options.PolicyFile, parsed.GetValue(file)!, columns!, parsed.GetValue(json), parsed.InvocationConfiguration.Output,
                cancellation);
            return Task.CompletedTask;
        });
        return command;
    }
}
