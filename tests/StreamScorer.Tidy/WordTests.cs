using System.Text.RegularExpressions;

namespace StreamScorer.Tidy;

/// <summary>One word per idea, no notes to self, no waiting for time.</summary>
public sealed partial class WordTests
{
    // Names that others chose: of the base class library, of librdkafka's settings, of Redis's and SQLite's clients.
    private static readonly string[] foreignNames =
        ["ArraySegment", "ReadOnlySequenceSegment", "PathSegment", "Segments", "session.timeout", "SessionTimeoutMs", "Session Timeout"];

    [Fact]
    public void Identifiers_use_the_words_of_the_domain() => AssertNone(BannedWord(), strip: true);

    [Fact]
    public void There_are_no_notes_to_self() => AssertNone(NoteToSelf(), strip: false);

    [Fact]
    public void Nothing_waits_for_time() => AssertNone(WaitsForTime(), strip: false);

    [Theory]
    [InlineData("CustomerSegment segment;", true)]
    [InlineData("int sessionCount;", true)]
    [InlineData("enum ValueClass", true)]
    [InlineData("customerLevel", true)]
    [InlineData("ArraySegment<byte> bytes;", false)]
    [InlineData("public class Obsession", false)]
    [InlineData("LogLevel level;", false)]
    public void The_banned_words_are_found(string code, bool isBanned) =>
        Assert.Equal(isBanned, BannedWord().IsMatch(WithoutForeignNames(code)));

    private static void AssertNone(Regex pattern, bool strip)
    {
        IEnumerable<string> found =
            from file in Repository.CSharp
            where !file.EndsWith("/WordTests.cs", StringComparison.Ordinal)
            from line in Repository.Lines(file).Select((text, index) => (Text: strip ? WithoutForeignNames(text) : text, Number: index + 1))
            where pattern.IsMatch(line.Text)
            select $"{file}:{line.Number}: {line.Text.Trim()}";

        Assert.Empty(found);
    }

    private static string WithoutForeignNames(string line) =>
        foreignNames.Aggregate(line, (text, name) => text.Replace(name, "", StringComparison.Ordinal));

    [GeneratedRegex(@"(?<![A-Za-z])([Ss]egment|[Ss]ession)(?![a-z])|(?<=[a-z])(Segment|Session)|(?i:(customer|tier|value))(Class|Level)(?![a-z])")]
    private static partial Regex BannedWord();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b|NotImplementedException|\[(Fact|Theory)\(.*Skip""")]
    private static partial Regex NoteToSelf();

    [GeneratedRegex(@"Thread\.Sleep|Task\.Delay\(\s*(\d|TimeSpan\.From)")]
    private static partial Regex WaitsForTime();
}
