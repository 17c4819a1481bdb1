using StreamScorer.Testing;
using StreamScorer.Worker.Configuration;

namespace StreamScorer.Browser.Tests;

/// <summary>
/// A worker whose badge is the absolute scheme (silver from 50, gold from 250, platinum from 1,000), so that one purchase decides a tier, whoever else buys.
/// Every test brings customers of its own.
/// </summary>
public sealed class SharedWorkerFixture : IAsyncLifetime
{
    private readonly TempDirectory directory = new();

    /// <summary>The worker.</summary>
    internal RunningWorker Worker { get; private set; } = null!;

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        Worker = new RunningWorker(AbsoluteBadge(directory));
        await Worker.StartAsync();
    }

    /// <inheritdoc/>
    public Task DisposeAsync()
    {
        Worker.Dispose();
        directory.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>Settings with such a badge; the policy is written to <paramref name="directory"/>.</summary>
    internal static string[] AbsoluteBadge(TempDirectory directory)
    {
        string policy = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "config", "scoring-policy.json"))
            .Replace("\"badge\": \"pyramid\"", "\"badge\": \"absolute\"", StringComparison.Ordinal);
        Assert.Contains("\"absolute\"", policy, StringComparison.Ordinal);
        string path = Path.Combine(directory.Path, "policy.json");
        File.WriteAllText(path, policy);
        return [$"{nameof(StreamScorerOptions.PolicyFile)}={path}", "Publish:Schemes=all"];
    }
}
