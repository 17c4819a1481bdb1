using StreamScorer.Simulation;
using StreamScorer.Simulation.Canaries;
using StreamScorer.Simulation.World;

namespace StreamScorer.Engine.Tests.Simulated;

/// <summary>A short form of the campaign that <c>tests/StreamScorer.Simulation</c> runs for thousands of seeds.</summary>
public sealed class SimulatorTests
{
    private const int Seeds = 80, SeedsMax = 600;

    [Fact]
    public void Nothing_is_lost_and_nothing_happens_twice_whatever_goes_wrong()
    {
        string[] violations = [.. Enumerable.Range(1, Seeds).AsParallel().Select(seed => SimulatedRun.Run(new Scenario(seed)))
            .SelectMany(run => run.Findings.Select(finding => $"{run.Scenario}: {finding}"))];

        Assert.Empty(violations);
    }

    [Theory]
    [InlineData(Canary.SkipsTheFence)]
    [InlineData(Canary.LoadsBeforeClaim)]
    [InlineData(Canary.KeepsMemoryAfterAFailedCommit)]
    [InlineData(Canary.PublishesBeforeCommit)]
    [InlineData(Canary.TrimsByCount)]
    [InlineData(Canary.TrustsTheGroupOffset)]
    public void A_known_bug_is_found(Canary canary)
    {
        var report = new StringWriter();

        Assert.True(Campaign.Find(canary, report), report.ToString());
    }

    [Fact]
    public void The_same_seed_gives_the_same_run()
    {
        for (int seed = 1; seed <= 5; seed++)
            Assert.Equal(Trace(seed), Trace(seed));
    }

    [Fact]
    public void F1_workers_die_at_every_step()
    {
        var left = new HashSet<EngineStep>(Enum.GetValues<EngineStep>());
        for (int seed = 1; seed <= SeedsMax && left.Count > 0; seed++)
            left.ExceptWith(SimulatedRun.Run(new Scenario(seed, Fault.Kill | Fault.Rebalances)).KilledAt);

        Assert.Empty(left);
    }

    [Fact]
    public void A_run_that_does_not_end_is_known_by_its_seed()
    {
        var watch = new SeedWatch();

        Assert.Equal([7], watch.Run(7, _ => watch.RunningFor(TimeSpan.Zero)));
        Assert.Empty(watch.Run(7, _ => watch.RunningFor(TimeSpan.MaxValue)));
        Assert.Empty(watch.RunningFor(TimeSpan.Zero));
    }

    private static List<string> Trace(int seed)
    {
        var lines = new List<string>();
        SimulatedRun.Run(new Scenario(seed), trace: lines.Add);
        return lines;
    }
}
