using System.Collections;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using StreamScorer.Worker.Configuration;

namespace StreamScorer.Worker.Tests.Deployment;

/// <summary>Compose file, Dockerfile and systemd unit say only what the program and the repository have.</summary>
public sealed partial class DeploymentFileTests
{
    private const string Compose = "docker-compose.yml";
    private const string Dockerfile = "src/StreamScorer.Worker/Dockerfile";
    private const string Unit = "config/systemd/streamscorer.service";

    private static string Root { get; } = FindRoot();

    [Theory]
    [InlineData(Compose)]
    [InlineData(Dockerfile)]
    [InlineData(Unit)]
    public void Every_variable_is_a_key_with_a_value_that_is_allowed(string file)
    {
        var variables = new Hashtable();
        foreach (Match match in Variable().Matches(Read(file)))
            variables[match.Groups[1].Value] = match.Groups[2].Value.Trim('"');

        OptionsLoader.Load(OptionsLayer.FromEnvironment(variables));

        Assert.NotEmpty(variables);
    }

    [Fact]
    public void Every_path_of_the_compose_file_is_in_the_repository()
    {
        string[] paths = [.. HostPath().Matches(Read(Compose)).Select(match => match.Groups[1].Value), Dockerfile];

        Assert.All(paths, path => Assert.True(Path.Exists(Path.Combine(Root, path)), path));
        Assert.Contains($"dockerfile: {Dockerfile}", Read(Compose), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_path_that_the_Dockerfile_copies_is_in_the_repository_and_in_the_build_context()
    {
        string[] ignore = Read(".dockerignore").Split('\n');
        string[] sources = [.. Copy().Matches(Read(Dockerfile)).SelectMany(match => match.Groups[1].Value.Split(' ')[..^1])];

        Assert.NotEmpty(sources);
        Assert.All(sources, path => Assert.True(Path.Exists(Path.Combine(Root, path)), path));
        Assert.All(sources, path => Assert.Contains("!" + path, ignore));
    }

    [Fact]
    public void Prometheus_reads_the_shipped_files_with_the_key_that_is_made_for_it()
    {
        string prometheus = Read("config/prometheus/prometheus.yml"), compose = Read(Compose);

        Assert.Contains("--config.file=/etc/prometheus/prometheus.yml", compose, StringComparison.Ordinal);
        Assert.Contains("./config/prometheus:/etc/prometheus:ro", compose, StringComparison.Ordinal);
        Assert.Contains("keys add prometheus --role read > /data/prometheus", compose, StringComparison.Ordinal);
        Assert.Contains("worker-data:/run/streamscorer:ro", compose, StringComparison.Ordinal);
        Assert.Contains("credentials_file: /run/streamscorer/prometheus\n", prometheus, StringComparison.Ordinal);
        Assert.Contains("names: [streamscorer]", prometheus, StringComparison.Ordinal);
    }

    [Fact]
    public void The_compose_file_parses_and_every_service_that_stays_is_checked_limited_and_kept()
    {
        string[] services = Run("docker-compose", "--file", Path.Combine(Root, Compose), "config", "--services").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string text = Read(Compose);

        foreach (string service in services.Where(service => service is not ("topics" or "keys")))
        {
            string block = Block(text, service);
            Assert.Matches(@"healthcheck:|dockerfile:", block);
            Assert.Contains("limits:", block, StringComparison.Ordinal);
            Assert.Contains("volumes:", block, StringComparison.Ordinal);
            Assert.Matches(@"no-new-privileges|\*hardened", block);
        }
        Assert.Equal(["grafana", "kafka", "keys", "prometheus", "redis", "streamscorer", "topics"], services.Order());
    }

    private static string Block(string text, string service)
    {
        int start = text.IndexOf($"\n  {service}:\n", StringComparison.Ordinal);
        Match next = ServiceHead().Match(text, start + 4);
        return text[start..(next.Success ? next.Index : text.Length)];
    }

    internal static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    private static string FindRoot([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));

    private static string Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.Result);
        return output;
    }

    [GeneratedRegex(@"(?<!#.*)(STREAMSCORER__[A-Z_]+)(?:=|: )(\S+)")]
    private static partial Regex Variable();

    [GeneratedRegex(@"- \./([\w./-]+):")]
    private static partial Regex HostPath();

    [GeneratedRegex(@"^COPY ([^-].*)$", RegexOptions.Multiline)]
    private static partial Regex Copy();

    [GeneratedRegex(@"\n(  )?\w[\w-]*:\n")]
    private static partial Regex ServiceHead();
}
