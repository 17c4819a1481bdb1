namespace StreamScorer.Tidy;

/// <summary>Small files and short methods: both fit into a head.</summary>
public sealed class SizeTests
{
    private const int FileLinesMax = 400;
    private const int MethodLinesMax = 69;

    private static readonly string[] extensions = [".cs", ".js", ".css", ".html", ".sh"];

    [Fact]
    public void No_file_is_longer_than_its_limit()
    {
        IEnumerable<string> tooLong =
            from file in Repository.Files
            where extensions.Contains(Path.GetExtension(file))
            let lines = Repository.Lines(file).Length
            where lines > FileLinesMax
            select $"{file}: {lines} lines";

        Assert.Empty(tooLong);
    }

    [Fact]
    public void No_method_is_longer_than_its_limit()
    {
        IEnumerable<string> tooLong =
            from file in Repository.CSharp
            from method in MethodFinder.Find(Repository.Lines(file))
            where method.Length > MethodLinesMax
            select $"{file}:{method.StartLine}: {method.Length} lines";

        Assert.Empty(tooLong);
    }

    [Fact]
    public void The_method_finder_counts_members_and_not_types_or_inner_blocks()
    {
        string[] source =
        [
            "namespace X;",
            "public sealed class A(",
            "    int b)",
            "{",
            "    public int P",
            "    {",
            "        get;",
            "    }",
            "",
            "    private class Inner",
            "    {",
            "        void M()",
            "        {",
            "            if (true)",
            "            {",
            "            }",
            "        }",
            "    }",
            "}",
        ];

        Assert.Equal([new Method(5, 4), new Method(12, 6)], MethodFinder.Find(source));
    }
}
