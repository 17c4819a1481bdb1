using System.Text.RegularExpressions;

namespace StreamScorer.Tidy;

/// <summary>The table of faults is evidence, so it may name only what exists, and must name every fault.</summary>
public sealed partial class FaultTableTests
{
    private const string Page = "tests/FAULTS.md";
    private static readonly Dictionary<string, string> rows = Repository.Lines(Page)
        .Select(line => Row().Match(line))
        .Where(match => match.Success)
        .ToDictionary(match => match.Groups["number"].Value, match => match.Value);

    [Fact]
    public void Every_fault_and_oracle_has_a_row() => Assert.Equal(
        Enumerable.Range(1, 8).Select(n => $"O{n}").Concat(Enumerable.Range(1, 27).Select(n => $"F{n}")), rows.Keys);

    [Fact]
    public void Every_row_names_what_shows_it_or_says_what_is_not_shown() =>
        Assert.All(rows.Values, row => Assert.True(Reference().IsMatch(row) || !row.TrimEnd().EndsWith("| |", StringComparison.Ordinal), row));

    [Fact]
    public void What_the_rows_name_exists()
    {
        IEnumerable<string> broken =
            from row in rows.Values
            from Match reference in Reference().Matches(row)
            let project = reference.Groups["project"].Value
            let holder = new Regex($@"^tests/StreamScorer\.{project}(\.Tests)?/(.*/)?{reference.Groups["type"].Value}(\.\w+)?\.cs$")
            let member = new Regex($@"\b{reference.Groups["member"].Value}\b")
            where !Repository.CSharp.Any(file => holder.IsMatch(file) && member.IsMatch(Repository.Text(file)))
            select reference.Value;

        Assert.Empty(broken);
    }

    [Fact]
    public void Tests_marked_with_a_fault_stand_in_its_row()
    {
        IEnumerable<string> missing =
            from file in Repository.CSharp
            where file.StartsWith("tests/", StringComparison.Ordinal)
            from Match test in MarkedTest().Matches(Repository.Text(file))
            from Capture fault in test.Groups["fault"].Captures
            where !rows[fault.Value].Contains($".{test.Groups["name"].Value}`", StringComparison.Ordinal)
            select $"{fault.Value}: {test.Groups["name"].Value}";

        Assert.Empty(missing);
    }

    [GeneratedRegex(@"^\| (?<number>[FO]\d+) \|.*$")]
    private static partial Regex Row();

    [GeneratedRegex(@"`(?<project>\w+)\.(?<type>\w+)\.(?<member>\w+)`")]
    private static partial Regex Reference();

    [GeneratedRegex(@"(\[Trait\(""Fault"", ""(?<fault>F\d+)""\)\]\s+)+public (async Task|void) (?<name>\w+)\(")]
    private static partial Regex MarkedTest();
}
