using System.Collections.Concurrent;

namespace StreamScorer.Engine.Tests;

/// <summary>Faults are injected at the engine's steps, so every one has to be reached, and where it says.</summary>
public sealed class StepTests
{
    [Fact]
    public async Task Events_silence_and_a_sweep_reach_every_step()
    {
        var reached = new ConcurrentQueue<EngineStep>();
        // One record a commit: in a larger one timers and events can change the same customers, and that is one change.
        var options = new EngineOptions { Clock = ClockMode.Event, RecalibrationIntervalMs = 86_400_000, BatchSizeMax = 1 };
        var run = new EngineRun(options: options) { Reached = reached.Enqueue };
        run.Purchase("ann", "1", "2025-01-01T08:00:00Z", 40);
        run.Purchase("bob", "2", "2025-01-02T08:00:00Z", 400);
        run.Clock("2025-12-31T00:00:00Z");
        await run.ToEndAsync();

        Assert.Equal(Enum.GetValues<EngineStep>(), reached.Distinct().Order());
        Assert.Equal(
            [EngineStep.Claimed, EngineStep.Loaded, EngineStep.ReadBack, EngineStep.CommitReady, EngineStep.CommitSent, EngineStep.CommitApplied, EngineStep.Polled],
            reached.Take(7));
        Assert.Equal(EngineStep.Drained, reached.Last());
    }
}
