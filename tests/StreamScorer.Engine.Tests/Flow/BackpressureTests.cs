using System.Text;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Publish;

namespace StreamScorer.Engine.Tests;

/// <summary>What waits to be published is bounded, in entries and in bytes: a full outbox holds the intake back, and nothing is lost.</summary>
public sealed class BackpressureTests
{
    // Ticks without a commit after which nothing more will come: a commit takes less than one.
    private const int StillTicks = 10;
    private const int Records = 100, RecordBytes = 50_000;

    [Fact]
    public async Task An_outbox_that_is_full_in_bytes_holds_the_intake_back()
    {
        (EngineRun run, long heldAt) = await HeldAsync(
            new EngineRun().Options with { OutboxBytesMax = 400_000, CommitBytesMax = 120_000 }, i => $"{i} {new string('x', RecordBytes)}");

        // A commit is closed by its third record; one more may begin below 280,000 bytes.
        Assert.Equal(6, heldAt);
        AssertAllThere(run);
    }

    [Fact]
    public async Task An_outbox_that_is_full_in_entries_holds_the_intake_back()
    {
        (EngineRun run, long heldAt) = await HeldAsync(new EngineRun().Options with { OutboxMax = 60, BatchSizeMax = 2, OutboxReservePerRecord = 10 }, i => $"{i}");

        Assert.Equal(42, heldAt);
        AssertAllThere(run);
    }

    [Fact]
    public async Task A_partition_that_cannot_publish_drains_for_its_limit_and_leaves_the_outbox_to_the_next_owner()
    {
        var never = new TaskCompletionSource();
        var committed = new TaskCompletionSource();
        var held = new EngineRun
        {
            Sink = sink => new HeldSink(sink, never.Task),
            OnReport = report => (report.Meta.Counters.Consumed == Records ? committed : new()).TrySetResult(),
        };
        Append(held, i => $"{i}");
        await held.UntilAsync(committed.Task);
        PartitionMeta left = await held.MetaAsync();
        Assert.Equal((Records, 0), (left.OutboxSeq, left.PublishedSeq));
        Assert.Empty(held.Log.DeadLetters(0));

        AssertAllThere(await held.Again().ToEndAsync());
    }

    // The run, and how many records were consumed when the intake had come to rest before an output that takes nothing; then the output takes everything.
    private static async Task<(EngineRun Run, long HeldAt)> HeldAsync(EngineOptions options, Func<int, string> record)
    {
        var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        long consumed = 0, seen = -1, heldAt = 0;
        int still = 0;
        var run = new EngineRun(1, options)
        {
            Sink = sink => new HeldSink(sink, opened.Task),
            OnReport = report => Volatile.Write(ref consumed, report.Meta.Counters.Consumed),
            OnTick = () =>
            {
                long now = Volatile.Read(ref consumed);
                (still, seen) = (now == seen && now > 0 ? still + 1 : 0, now);
                if (still == StillTicks)
                {
                    heldAt = now;
                    opened.TrySetResult();
                }
            },
        };
        Append(run, record);
        await run.ToEndAsync();
        return (run, heldAt);
    }

    private static void Append(EngineRun run, Func<int, string> record)
    {
        for (int i = 0; i < Records; i++)
            run.Append(record(i), "c1");
    }

    private static void AssertAllThere(EngineRun run) => Assert.Equal(
        Enumerable.Range(0, Records).Select(i => $"{i}"), run.Log.DeadLetters(0).Select(letter => Encoding.UTF8.GetString(letter.Value!).Split(' ')[0]));
}
