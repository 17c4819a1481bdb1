using System.CommandLine;
using System.Globalization;
using StreamScorer.Scoring.Models;
using StreamScorer.Worker.Analysis;
using StreamScorer.Worker.Configuration;
using StreamScorer.Worker.Input;

namespace StreamScorer.Worker.CommandLine;

/// <summary><c>streamscorer fit FILE|--from-state</c>: model parameters by maximum likelihood.</summary>
internal static class FitCommand
{
    private static readonly Argument<string?> file = new("FILE")
    {
        Description = "CSV with a header row, or NDJSON; .gz is read directly",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<bool> fromState = new("--from-state") { Description = "Fit the stored customers instead of a file; keeps the policy's k" };
    private static readonly Option<string> map = new("--map")
    {
        Description = "Columns by field where the header does not say it",
        HelpName = "FIELD=COLUMN,...",
        DefaultValueFactory = _ => "",
    };

    private static readonly Option<string?> until = new("--until")
    {
        Description = "Last day of the calibration period; by default the last of the file",
        HelpName = "DATE",
    };

    private static readonly Option<string?> holdOutUntil = new("--hold-out-until")
    {
        Description = "Try the models on what follows, up to this day",
        HelpName = "DATE",
    };

    private static readonly Option<ModelUnit> unit = new("--unit") { Description = "Unit of time of the models", DefaultValueFactory = _ => ModelUnit.Week };
    private static readonly Option<string?> write = new("--write") { Description = "Write a policy with the estimates", HelpName = "POLICY" };
    private static readonly Option<bool> json = new("--json") { Description = "Print one JSON object and nothing else on standard output" };

    /// <summary>The command.</summary>
    public static Command Build(ConfigurationFlags flags)
    {
        var command = new Command("fit", "Estimate the purchase and spend models, and try them on a hold-out period")
        {
            file, fromState, map, until, holdOutUntil, unit, write, json,
        };
        command.SetAction((parsed, cancellation) =>
            FitRunner.RunAsync(flags.Load(parsed), Read(parsed), parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error, cancellation));
        return command;
    }

    private static FitRequest Read(ParseResult parsed)
    {
        var errors = new List<string>();
        if (!ColumnMap.TryParse(parsed.GetValue(map)!, out ColumnMap? columns, out string? mapError))
            errors.Add(mapError);
        if (parsed.GetValue(file) is null != parsed.GetValue(fromState))
            errors.Add("fit needs a FILE or --from-state, and not both");
        DateOnly? end = Day("--until", parsed.GetValue(until), errors), holdOutEnd = Day("--hold-out-until", parsed.GetValue(holdOutUntil), errors);
        if (holdOutEnd is not null && (end is null || holdOutEnd <= end))
            errors.Add("--hold-out-until: needs --until, and a later day");
        if (errors.Count > 0)
            throw new OptionsException(errors);
        return new FitRequest
        {
            File = parsed.GetValue(file),
            Map = columns!,
            Until = end,
            HoldOutUntil = holdOutEnd,
            Unit = parsed.GetValue(unit),
            PolicyOut = parsed.GetValue(write),
            Json = parsed.GetValue(json),
        };
    }

    private static DateOnly? Day(string option, string? text, List<string> errors)
    {
        if (text is null)
            return null;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day))
            return day;
        errors.Add($"{option} \"{text}\": allowed is a day such as 1997-09-30");
        return null;
    }
}
