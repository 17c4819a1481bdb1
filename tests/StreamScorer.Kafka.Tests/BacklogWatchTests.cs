using StreamScorer.Kafka.Source;
using Xunit;

namespace StreamScorer.Kafka.Tests;

/// <summary>The client's memory is trimmed behind a backlog, and only there.</summary>
public sealed class BacklogWatchTests
{
    private const int StepMs = 100;
    private readonly BacklogWatch watch = new();
    private long nowMs = 5;

    [Theory]
    [InlineData(BacklogWatch.BacklogMs - StepMs, false)]
    [InlineData(BacklogWatch.BacklogMs, true)]
    public void A_trim_is_due_when_queues_were_full_for_long_enough_and_are_empty(int fullForMs, bool isDue)
    {
        Backlog(fullForMs);

        Assert.Equal(isDue, Empty());
        Assert.False(Empty());
    }

    [Fact]
    public void A_full_queue_counts_while_another_partition_flows()
    {
        Backlog(BacklogWatch.BacklogMs, FeedState.More);
        Assert.True(Empty());
    }

    [Fact]
    public void A_live_partition_that_is_full_for_a_moment_now_and_then_is_no_backlog()
    {
        for (int i = 0; i < 50; i++)
        {
            Backlog(forMs: 3 * StepMs);
            Assert.False(Empty());
        }
    }

    [Fact]
    public void Waiting_for_the_client_or_flowing_freely_is_no_backlog()
    {
        foreach (FeedState state in new[] { FeedState.Blocked, FeedState.More })
        {
            for (int ms = 0; ms <= 2 * BacklogWatch.BacklogMs; ms += StepMs)
                Turn(state, isAnyFull: false);
            Assert.False(Empty());
        }
    }

    [Fact]
    public void A_second_backlog_is_trimmed_behind_once_the_interval_has_passed()
    {
        Backlog(BacklogWatch.BacklogMs);
        Assert.True(Empty());
        long trimmedAtMs = nowMs;

        Backlog(BacklogWatch.BacklogMs);
        while (nowMs + StepMs - trimmedAtMs < BacklogWatch.TrimIntervalMs)
            Assert.False(Empty());
        Assert.True(Empty());
    }

    private void Backlog(int forMs, FeedState state = FeedState.Full)
    {
        for (int ms = 0; ms <= forMs; ms += StepMs)
            Turn(state, isAnyFull: true);
    }

    private bool Empty() => Turn(FeedState.Empty, isAnyFull: false);

    private bool Turn(FeedState state, bool isAnyFull) => watch.IsTrimDue(state, isAnyFull, nowMs += StepMs);
}
