using StreamScorer.Testing;

namespace StreamScorer.EndToEnd.Faults;

/// <summary>The short form of the campaign that <c>tests/StreamScorer.Chaos</c> runs at length.</summary>
public sealed class KillCampaignTests : IDisposable
{
    private readonly TempDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    [Trait("Fault", "F1")]
    public async Task Workers_killed_at_failpoints_and_at_random_lose_nothing_and_repeat_nothing()
    {
        string file = directory.File("events.csv");
        DemoFile.Write(file, 10_000);
        using var log = new StringWriter();

        CampaignResult result = await new Campaign(new ChaosArguments(Kills: 6, Seed: 3, Workers: 3, file), log).RunAsync(CancellationToken.None);

        Assert.True(result.IsClean, $"{result}\n{log}");
        Assert.Equal("kills 6, missing 0, twice 0, out of order 0, digest equal", result.ToString());
    }
}
