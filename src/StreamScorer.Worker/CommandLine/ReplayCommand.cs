using System.CommandLine;
using System.Text;
using StreamScorer.Worker.Configuration;
using StreamScorer.Worker.Input;
using StreamScorer.Worker.Replay;

namespace StreamScorer.Worker.CommandLine;

/// <summary><c>streamscorer replay FILE</c>: a file of transactions through the real engine, and what came of it.</summary>
internal static class ReplayCommand
{
    private static readonly Argument<string> file = new("FILE") { Description = "CSV with a header row, or NDJSON; .gz is read directly" };

    private static readonly Option<string> map = new("--map")
    {
        Description = "Columns by field where the header does not say it: customer=cust_no,amount=total",
        HelpName = "FIELD=COLUMN,...",
        DefaultValueFactory = _ => "",
    };

    private static readonly Option<string?> asOf = new("--as-of")
    {
        Description = "Let the clock run on to this instant after the last event (ISO 8601, UTC)",
        HelpName = "TIME",
    };

    private static readonly Option<string> through = new("--through")
    {
        Description = "Which engine: standalone, or worker processes on a broker and a store (needs --bootstrap and --redis)",
        HelpName = "standalone|kafka+redis",
        DefaultValueFactory = _ => "standalone",
    };

    private static readonly Option<int> workers = new("--workers")
    {
        Description = "Worker processes of --through kafka+redis",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
    };

    private static readonly Option<bool> json = new("--json") { Description = "Print one JSON object and nothing else on standard output" };

    /// <summary>The command.</summary>
    public static Command Build(ConfigurationFlags flags)
    {
        through.AcceptOnlyFromAmong("standalone", "kafka+redis");
        var command = new Command("replay", "Score a file and print tiers, shares and transitions") { file, map, asOf, through, workers, json };
        command.SetAction((parsed, cancellation) =>
            ReplayRunner.RunAsync(flags.Load(parsed), Read(parsed), parsed.InvocationConfiguration.Output, cancellation));
        return command;
    }

    private static ReplayRequest Read(ParseResult parsed)
    {
        var errors = new List<string>();
        if (!ColumnMap.TryParse(parsed.GetValue(map)!, out ColumnMap? columns, out string? mapError))
            errors.Add(mapError);
        DateTime instant = default;
        string? asOfText = parsed.GetValue(asOf);
        if (asOfText is not null && !EventTime.TryParse(Encoding.UTF8.GetBytes(asOfText), out instant))
            errors.Add($"--as-of \"{asOfText}\": allowed is an ISO 8601 instant such as 1998-06-30 or 1998-06-30T12:00:00Z");
        int count = parsed.GetValue(workers);
        if (count is < 1 or > ReplayRequest.WorkersMax)
            errors.Add($"--workers {count}: allowed is a whole number from 1 to {ReplayRequest.WorkersMax}");
        if (errors.Count > 0)
            throw new OptionsException(errors);
        return new ReplayRequest
        {
            File = parsed.GetValue(file)!,
            Map = columns!,
            AsOf = asOfText is null ? null : instant,
            IsDistributed = parsed.GetValue(through) == "kafka+redis",
            Workers = count,
            Json = parsed.GetValue(json),
        };
    }
}
