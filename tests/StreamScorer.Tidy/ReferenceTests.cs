using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace StreamScorer.Tidy;

/// <summary><c>Scoring &lt;- Engine &lt;- {Kafka, Redis, Standalone} &lt;- Worker</c>, and each foreign library in one place.</summary>
public sealed partial class ReferenceTests
{
    [Theory]
    [InlineData("Scoring")]
    [InlineData("Engine", "Scoring")]
    [InlineData("Kafka", "Engine")]
    [InlineData("Redis", "Engine")]
    [InlineData("Standalone", "Engine")]
    [InlineData("Worker", "Kafka", "Redis", "Standalone")]
    public void Project_references_point_inward(string project, params string[] expected)
    {
        IEnumerable<string> actual = References(SourceProject(project), "ProjectReference")
            .Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')).Replace("StreamScorer.", "", StringComparison.Ordinal));

        Assert.Equal(expected.Order(), actual.Order());
    }

    [Theory]
    [InlineData("Scoring")]
    [InlineData("Engine")]
    public void The_core_needs_nothing_but_the_base_class_library(string project) =>
        Assert.Empty(References(SourceProject(project), "PackageReference"));

    [Theory]
    [InlineData("Confluent.Kafka", "Kafka")]
    [InlineData("Microsoft.Data.Sqlite", "Standalone")]
    public void Each_client_library_is_known_in_one_project(string library, string project)
    {
        IEnumerable<string> users =
            from file in Repository.CSharp
            where file.StartsWith("src/", StringComparison.Ordinal)
                && !file.StartsWith($"src/StreamScorer.{project}/", StringComparison.Ordinal)
                && Repository.Text(file).Contains($"using {library}", StringComparison.Ordinal)
            select file;

        Assert.Empty(users);
    }

    [Fact]
    public void No_reply_of_redis_passes_through_a_library_that_shares_connections() =>
        Assert.All(Projects().Where(file => file.StartsWith("src/", StringComparison.Ordinal)),
            project => Assert.DoesNotContain("StackExchange.Redis", References(project, "PackageReference")));

    [Fact]
    public void Package_versions_are_exact_and_in_one_file()
    {
        XDocument central = XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props"));
        IEnumerable<string> inexact =
            from version in central.Descendants("PackageVersion").Attributes("Version")
            where !ExactVersion().IsMatch(version.Value)
            select $"{version.Parent!.Attribute("Include")!.Value} {version.Value}";
        IEnumerable<string> scattered =
            from project in Projects()
            from reference in XDocument.Load(Path.Combine(Repository.Root, project)).Descendants("PackageReference")
            where reference.Attribute("Version") is not null || reference.Attribute("VersionOverride") is not null
            select $"{project}: {reference}";

        Assert.NotEmpty(central.Descendants("PackageVersion"));
        Assert.Empty(inexact);
        Assert.Empty(scattered);
    }

    [Fact]
    public void The_solution_has_every_project()
    {
        string solution = Repository.Text("StreamScorer.sln").Replace('\\', '/');

        Assert.All(Projects(), project => Assert.Contains($"\"{project}\"", solution, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Projects() => Repository.Files.Where(file => file.EndsWith(".csproj", StringComparison.Ordinal));

    private static string SourceProject(string name) => $"src/StreamScorer.{name}/StreamScorer.{name}.csproj";

    private static IEnumerable<string> References(string project, string kind) =>
        XDocument.Load(Path.Combine(Repository.Root, project)).Descendants(kind).Attributes("Include").Select(include => include.Value);

    // A variable of the one file is as exact as the value it has there.
    [GeneratedRegex(@"^(\d+\.\d+\.\d+(\.\d+)?(-[0-9A-Za-z.]+)?|\$\(\w+\))$")]
    private static partial Regex ExactVersion();
}
