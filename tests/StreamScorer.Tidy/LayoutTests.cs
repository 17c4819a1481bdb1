using System.Text.RegularExpressions;

namespace StreamScorer.Tidy;

/// <summary>What stands where: the top of the repository, the links between its pages, the ends of its lines.</summary>
public sealed partial class LayoutTests
{
    private static readonly string[] allowedAtTop =
        ["src", "tests", "perf", "config", "StreamScorer.sln", "docker-compose.yml", "README.md", "LICENSE"];

    [Fact]
    public void The_top_of_the_repository_has_only_what_belongs_there()
    {
        IEnumerable<string> others = Repository.Files
            .Select(file => file.Split('/')[0])
            .Distinct()
            .Where(name => !allowedAtTop.Contains(name) && !name.StartsWith('.') && !DirectoryProps().IsMatch(name));

        Assert.Empty(others);
    }

    [Fact]
    public void Links_between_pages_resolve()
    {
        IEnumerable<string> broken =
            from page in Repository.Files
            where page.EndsWith(".md", StringComparison.Ordinal)
            from Match link in MarkdownLink().Matches(Repository.Text(page))
            let target = link.Groups[1].Value.Split('#')[0]
            where target.Length > 0 && !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal)
            let path = Path.Combine(Repository.Root, Path.GetDirectoryName(page)!, Uri.UnescapeDataString(target))
            where !Path.Exists(path)
            select $"{page}: {target}";

        Assert.Empty(broken);
    }

    [Fact]
    public void Text_files_end_their_lines_with_LF_and_the_last_one_too()
    {
        string[] text = [".cs", ".csproj", ".props", ".json", ".md", ".js", ".css", ".html", ".sh", ".yml", ".svg"];
        IEnumerable<string> wrong =
            from file in Repository.Files
            where text.Contains(Path.GetExtension(file))
            let content = Repository.Text(file)
            where content.Contains('\r') || (content.Length > 0 && !content.EndsWith('\n'))
            select file;

        Assert.Empty(wrong);
    }

    [GeneratedRegex(@"^Directory\.\w+\.(props|targets)$")]
    private static partial Regex DirectoryProps();

    [GeneratedRegex(@"\]\(([^)\s]+)[^)]*\)")]
    private static partial Regex MarkdownLink();
}
