using System.Text.Json;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Publish;
using StreamScorer.Scoring.Policy;
using StreamScorer.Testing.State;

namespace StreamScorer.Engine.Tests;

/// <summary>What passes by itself is got over without anybody's doing; what does not ends the engine with a text.</summary>
public sealed class RecoveryTests
{
    [Fact]
    public async Task An_output_that_fails_for_a_while_gets_every_transition_once_and_in_order()
    {
        EngineRun undisturbed = await ManyAsync(new EngineRun());
        EngineRun disturbed = await ManyAsync(new EngineRun { Failures = [], Sink = sink => new FailingSink(sink, transient: true, times: 3) });

        Assert.Equal(["publishing failed on purpose", "reading back failed on purpose", "reading back failed on purpose"], disturbed.Failures!);
        Assert.NotEmpty(undisturbed.Transitions());
        Assert.Equal(undisturbed.Transitions().Select(Text), disturbed.Transitions().Select(Text));
    }

    [Fact]
    public async Task An_output_that_refuses_for_good_ends_the_engine_with_its_text()
    {
        var run = new EngineRun { Sink = sink => new FailingSink(sink, transient: false, times: 1) };
        var failure = await Assert.ThrowsAsync<TransitionSinkException>(() => ManyAsync(run));
        Assert.Equal("publishing failed on purpose", failure.Message);
    }

    [Fact]
    public async Task A_store_that_goes_away_is_waited_for()
    {
        EngineRun? run = null;
        int polled = 0;
        run = new EngineRun
        {
            Failures = [],
            Failed = failures => run!.Store.Reachable = failures >= 3,
            Reached = step => run!.Store.Reachable &= step != EngineStep.Polled || Interlocked.Increment(ref polled) > 1,
        };
        await ManyAsync(run);

        Assert.Equal(3, run.Failures!.Count);
        Assert.Equal(60, (await run.MetaAsync()).Counters.Applied);
    }

    [Theory]
    [InlineData(CommitFault.LostRequest)]
    [InlineData(CommitFault.LostReply)]
    public async Task A_commit_whose_reply_is_lost_changes_the_state_once(CommitFault fault)
    {
        EngineRun undisturbed = await ManyAsync(new EngineRun());
        var run = new EngineRun { Failures = [] };
        int commits = 0;
        run.Store.Fault = (_, _) => Interlocked.Increment(ref commits) is 2 or 4 ? fault : CommitFault.None;
        await ManyAsync(run);

        Assert.Contains(CommitOutcome.Unknown, run.Outcomes);
        Assert.Equal((await undisturbed.MetaAsync()).Counters, (await run.MetaAsync()).Counters);
        Assert.Equal(undisturbed.Transitions().Select(Text), run.Transitions().Select(Text));
    }

    [Fact]
    public async Task A_store_that_goes_back_while_nothing_comes_in_is_noticed_and_read_again_from_its_offset()
    {
        var readAgain = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int commits = 0, third = 0, last = 0;
        EngineRun? run = null;
        run = new EngineRun(options: new EngineOptions { Clock = ClockMode.Event, RecalibrationIntervalMs = BusinessCalendar.DayMs, BatchSizeMax = 5 })
        {
            Failures = [],
            Reached = step => third = step == EngineStep.CommitApplied && ++commits == 3 ? run!.Store.WriteCount : third,
            OnTick = () =>
            {
                if (run!.Store.ReadMetaAsync(0, default).AsTask().GetAwaiter().GetResult() is not { } meta || meta.Offset != run.Log.Offsets(0).End || meta.PublishedSeq != meta.OutboxSeq)
                    return;
                if (last > 0)
                {
                    readAgain.TrySetResult();
                    return;
                }
                last = run.Store.WriteCount;
                run.Store.RollBackTo(third);
            },
        };
        Many(run);
        await run.UntilAsync(readAgain.Task);

        Assert.True(third < last, $"{third} of {last} writes were kept");
        Assert.Equal(60, (await run.MetaAsync()).Counters.Applied);
    }

    private static Task<EngineRun> ManyAsync(EngineRun run)
    {
        Many(run);
        return run.ToEndAsync();
    }

    private static void Many(EngineRun run)
    {
        for (int i = 0; i < 60; i++)
            run.Purchase($"c{i % 7}", $"e{i}", $"2025-{1 + i / 6:00}-{1 + i % 28:00}T10:00:00Z", 40 + i);
        run.Clock("2026-06-01T00:00:00Z");
    }

    private static string Text(JsonElement transition) => transition.GetRawText();
}
