using System.CommandLine;
using StreamScorer.Engine.Diagnosis;
using StreamScorer.Worker.Doctor;

namespace StreamScorer.Worker.CommandLine;

/// <summary><c>streamscorer doctor</c>: what keeps a worker with this configuration from working, and what to do about it.</summary>
internal static class DoctorCommand
{
    private static readonly Option<bool> json = new("--json") { Description = "Print one JSON object and nothing else on standard output" };
    private static readonly Option<bool> strict = new("--strict") { Description = "Warnings count as errors" };

    /// <summary>The command.</summary>
    public static Command Build(ConfigurationFlags flags)
    {
        var command = new Command("doctor", "Check configuration, broker, store, topics, clocks, policy and permissions; ends with 1 when something is wrong")
        {
            json, strict,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            IReadOnlyList<Finding> findings = await Examination.RunAsync(() => flags.Load(parsed), TimeProvider.System, cancellation);
            if (parsed.GetValue(json))
                FindingPrinter.PrintJson(findings, parsed.InvocationConfiguration.Output);
            else
                FindingPrinter.Print(findings, parsed.InvocationConfiguration.Output);
            Severity failing = parsed.GetValue(strict) ? Severity.Warning : Severity.Error;
            return findings.Any(finding => finding.Severity >= failing) ? ExitCode.Failed : ExitCode.Ok;
        });
        return command;
    }
}
