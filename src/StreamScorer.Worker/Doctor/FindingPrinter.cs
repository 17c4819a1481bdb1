using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;
using StreamScorer.Engine.Diagnosis;
using StreamScorer.Worker.CommandLine;

namespace StreamScorer.Worker.Doctor;

/// <summary>Findings for people and for programs.</summary>
internal static class FindingPrinter
{
    /// <summary>A line for each finding, worst last so that it stands where the eye is.</summary>
    public static void Print(IReadOnlyList<Finding> findings, TextWriter output)
    {
        IAnsiConsole console = TableConsole.On(output);
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumns("", "what", "finding", "what to do");
        foreach (Finding finding in findings.OrderBy(finding => finding.Severity))
        {
            table.AddRow(
                new Text(finding.Severity.ToString().ToLowerInvariant(), StyleOf(finding.Severity)),
                new Text(finding.Subject), new Text(finding.Problem), new Text(finding.Fix));
        }
        console.Write(table);
        output.WriteLine(string.Join(", ", findings.GroupBy(finding => finding.Severity).OrderBy(group => group.Key)
            .Select(group => $"{group.Count()} {group.Key.ToString().ToLowerInvariant()}")));
    }

    /// <summary>One JSON object.</summary>
    public static void PrintJson(IReadOnlyList<Finding> findings, TextWriter output) =>
        output.WriteLine(JsonSerializer.Serialize(new FindingReport(findings), FindingJson.Default.FindingReport));

    private static Style StyleOf(Severity severity) => new(severity switch
    {
        Severity.Error => Color.Red,
        Severity.Warning => Color.Yellow,
        Severity.Note => Color.Blue,
        _ => Color.Green,
    });
}

/// <summary>What <c>doctor --json</c> prints.</summary>
/// <param name="Findings">Everything seen, good and bad.</param>
internal sealed record FindingReport(IReadOnlyList<Finding> Findings);

/// <summary>JSON of findings.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(FindingReport))]
internal sealed partial class FindingJson : JsonSerializerContext;
