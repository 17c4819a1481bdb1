using StreamScorer.Contracts;
using StreamScorer.Engine.Publish;
using StreamScorer.Engine.Source;
using StreamScorer.Standalone.Database;
using StreamScorer.Standalone.Log;
using Xunit;

namespace StreamScorer.Standalone.Tests;

/// <summary>The durable log beyond the contracts of source and sink.</summary>
public sealed class StandaloneLogTests
{
    [Fact]
    public async Task An_append_returns_the_offsets_that_its_records_got()
    {
        await using var file = new StandaloneFile();
        Assert.Equal(new OffsetRange(0, 3), await file.Log.AppendAsync(0, Numbers(0, 3)));
        Assert.Equal(new OffsetRange(3, 5), await file.Log.AppendAsync(0, Numbers(3, 2)));
        Assert.Equal(new OffsetRange(0, 1), await file.Log.AppendAsync(1, Numbers(0, 1)));
        Assert.Equal(new OffsetRange(5, 5), await file.Log.AppendAsync(0, new LogBlock()));
    }

    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 1)]
    public async Task What_must_be_durable_is_flushed_with_its_commit_and_the_rest_is_not(bool durable, long synchronous)
    {
        await using var file = new StandaloneFile();
        await file.Database.Writes.RunAsync(_ => 0, !durable);
        Assert.Equal(synchronous, await file.Database.Writes.RunAsync(writer => writer.Pragma("synchronous"), durable));
    }

    [Fact]
    public async Task Concurrent_appends_get_offsets_without_gaps_and_keep_their_records_together()
    {
        await using var file = new StandaloneFile();
        OffsetRange[] ranges = await Task.WhenAll(Enumerable.Range(0, 200).Select(writer =>
            Task.Run(() => file.Log.AppendAsync(writer % 2, Numbers(1_000 * writer, 1 + (writer % 7))))));

        for (int partition = 0; partition < 2; partition++)
        {
            OffsetRange[] inOrder = [.. ranges.Where((_, writer) => writer % 2 == partition).OrderBy(range => range.Low)];
            Assert.Equal(inOrder.SkipLast(1).Select(range => range.End).Prepend(0), inOrder.Select(range => range.Low));
            int[] numbers = [.. file.Log.Read(StandaloneLog.Transactions, partition, 0, int.MaxValue).Select(record => BitConverter.ToInt32(record.Value!))];
            for (int writer = partition; writer < 200; writer += 2)
                Assert.Equal(
                    Enumerable.Range(1_000 * writer, 1 + (writer % 7)),
                    numbers[(int)ranges[writer].Low..(int)ranges[writer].End]);
        }
    }

    [Fact]
    public async Task Reading_may_start_inside_a_block_and_stops_at_the_wanted_number_of_records()
    {
        await using var file = new StandaloneFile();
        await file.Log.AppendAsync(0, Numbers(0, 10));
        await file.Log.AppendAsync(0, Numbers(10, 10));

        IReadOnlyList<PublishedRecord> records = file.Log.Read(StandaloneLog.Transactions, 0, from: 7, recordsMax: 5);

        Assert.Equal([7, 8, 9, 10, 11], records.Select(record => (int)record.Position));
        Assert.Equal([7, 8, 9, 10, 11], records.Select(record => BitConverter.ToInt32(record.Value!)));
    }

    [Fact]
    public async Task The_log_is_there_again_when_the_file_is_opened_again()
    {
        await using var file = new StandaloneFile();
        await file.Log.AppendAsync(1, Numbers(0, 10));
        await file.Database.DisposeAsync();

        await using StandaloneDatabase reopened = StandaloneDatabase.Open(file.Path, partitionCount: 2);
        Assert.Equal(new OffsetRange(10, 12), await new StandaloneLog(reopened).AppendAsync(1, Numbers(10, 2)));
        Assert.Equal(12, new StandaloneLog(reopened).Read(StandaloneLog.Transactions, 1, 0, 100).Count);
    }

    [Fact]
    public async Task A_log_that_cannot_be_read_revokes_everything_and_ends_the_run_with_an_error()
    {
        await using var file = new StandaloneFile();
        (RunningSource running, IReadOnlyList<PartitionAssignment> assigned) =
            await RunningSource.StartAssignedAsync(new StandaloneEventSource(file.Log));
        file.Execute("DROP TABLE log");

        assigned[1].StartAt(0);

        EventSourceException failure = await Assert.ThrowsAsync<EventSourceException>(() => running.Run);
        Assert.Contains("the standalone log cannot be read", failure.Message, StringComparison.Ordinal);
        OwnerCall revoked = await running.Owner.NextAsync();
        Assert.Equal(OwnerCallKind.Revoked, revoked.Kind);
        Assert.Equal(assigned, revoked.Assignments);
    }

    [Fact]
    public void A_full_block_takes_no_more()
    {
        LogBlock block = Numbers(0, LogBlock.RecordsMax);
        Assert.True(block.IsFull);
        Assert.Throws<InvalidOperationException>(() => block.Add(1, "key"u8, "value"u8));
        block.Clear();
        Assert.False(block.IsFull);
        Assert.Equal(0, block.Count);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    public async Task A_partition_that_does_not_exist_is_refused(int partition)
    {
        await using var file = new StandaloneFile();
        ArgumentOutOfRangeException refusal =
            await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => file.Log.AppendAsync(partition, Numbers(0, 1)));
        Assert.Contains("0 to 1", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_append_after_closing_is_refused()
    {
        await using var file = new StandaloneFile();
        await file.Database.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => file.Log.AppendAsync(0, Numbers(0, 1)));
    }

    private static LogBlock Numbers(int first, int count)
    {
        var block = new LogBlock();
        foreach (InputRecord record in InputRecord.Numbers(first, count))
            block.Add(record.TimestampMs, record.Key, record.Value);
        return block;
    }
}
