using StreamScorer.Engine.Source;
using Xunit;

namespace StreamScorer.Contracts;

/// <summary>What the engine relies on in every event source.</summary>
public abstract class EventSourceContract
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>A new, empty input of the implementation under test.</summary>
    protected abstract Task<EventSourceHarness> NewInputAsync();

    [Fact]
    public async Task Opening_tells_the_number_of_partitions()
    {
        await using EventSourceHarness input = await NewInputAsync();
        await using IEventSource source = input.Connect();

        Assert.Equal(EventSourceHarness.PartitionCount, await source.OpenAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Readable_offsets_run_from_the_first_record_to_the_one_that_comes_next()
    {
        await using EventSourceHarness input = await NewInputAsync();
        await input.AppendAsync(1, InputRecord.Numbers(0, 7));
        await using IEventSource source = input.Connect();
        await source.OpenAsync(CancellationToken.None);

        Assert.Equal(new OffsetRange(0, 0), await source.GetOffsetsAsync(0, CancellationToken.None));
        Assert.Equal(new OffsetRange(0, 7), await source.GetOffsetsAsync(1, CancellationToken.None));
    }

    [Fact]
    public async Task A_record_is_identified_by_its_timestamp_and_value_and_one_that_is_not_there_is_not()
    {
        await using EventSourceHarness input = await NewInputAsync();
        await input.AppendAsync(1, InputRecord.Numbers(0, 7));
        await using IEventSource source = input.Connect();
        await source.OpenAsync(CancellationToken.None);

        Assert.Equal(RecordIdentity.Of(1_006, BitConverter.GetBytes(6)), await source.IdentifyAsync(1, 6, CancellationToken.None));
        Assert.NotEqual(RecordIdentity.Of(1_006, BitConverter.GetBytes(6)), await source.IdentifyAsync(1, 5, CancellationToken.None));
        Assert.Null(await source.IdentifyAsync(1, 7, CancellationToken.None));
        Assert.Null(await source.IdentifyAsync(0, 0, CancellationToken.None));
    }

    [Fact]
    public async Task Nobody_has_made_progress_on_a_new_input()
    {
        await using EventSourceHarness input = await NewInputAsync();
        await using IEventSource source = input.Connect();
        await source.OpenAsync(CancellationToken.None);

        Assert.Equal(-1, await source.GetProgressAsync(0, CancellationToken.None));
    }

    [Fact]
    public async Task Nothing_is_delivered_before_the_processor_asks_for_it()
    {
        await using EventSourceHarness input = await NewInputAsync();
        await input.AppendAsync(0, InputRecord.Numbers(0, 5));
        await input.AppendAsync(1, InputRecord.Numbers(0, 5));
        (RunningSource running, IReadOnlyList<PartitionAssignment> assigned) = await RunningSource.StartAssignedAsync(input.Connect());
        await using RunningSource _ = running;

        assigned[1].StartAt(0);
        await ReadRecord.TakeAsync(assigned[1], 5);

        Assert.Equal(0, assigned[0].Records.Count);
    }

    [Fact]
    public async Task Records_arrive_in_order_from_the_wanted_offset_on_and_so_do_later_ones()
    {
        await using EventSourceHarness input = await NewInputAsync();
        await input.AppendAsync(0, InputRecord.Numbers(0, 100));
        (RunningSource running, IReadOnlyList<PartitionAssignment> assigned) = await RunningSource.StartAssignedAsync(input.Connect());
        await using RunningSource _ = running;

        assigned[0].StartAt(37);
        List<ReadRecord> stored = await ReadRecord.TakeAsync(assigned[0], 63);
        await input.AppendAsync(0, InputRecord.Numbers(100, 20));
        List<ReadRecord> appended = await ReadRecord.TakeAsync(assigned[0], 20);

        Assert.Equal(Enumerable.Range(37, 83), stored.Concat(appended).Select(r => r.Number));
        Assert.Equal(Enumerable.Range(37, 83), stored.Concat(appended).Select(r => (int)r.Offset));
    }

    [Fact]
    public async Task Batches_are_never_empty_and_no_larger_than_allowed()
    {
        await using EventSourceHarness input = await NewInputAsync();
        await input.AppendAsync(0, InputRecord.Numbers(0, 105));
        (RunningSource running, IReadOnlyList<PartitionAssignment> assigned) = await RunningSource.StartAssignedAsync(input.Connect());
        await using RunningSource _ = running;

        assigned[0].StartAt(0);
        for (long next = 0; next < 105;)
        {
            using RecordBatch batch = await assigned[0].Records.ReadAsync().AsTask().WaitAsync(Patience);
            Assert.InRange(batch.Count, 1, EventSourceHarness.BatchSizeMax);
            Assert.Equal(next + batch.Count, batch.NextOffset);
            next = batch.NextOffset;
        }
    }

    [Fact]
    public async Task Keys_values_headers_and_timestamps_arrive_byte_for_byte_and_null_differs_from_empty()
    {
        InputRecord[] records =
        [
            new([0, 255, 1], [128, 0, 7], 1_234_567_890_123, [new("id", [9, 0]), new("id", []), new("größe", null)]),
            new(null, [1], 1, []),
            new([], [], 2, [new("traceparent", "00-1-2-01"u8.ToArray())]),
            new([5], null, 3, []),
            new([6], new byte[100_000], 4, [new("long", new byte[5_000])]),
        ];
        await using EventSourceHarness input = await NewInputAsync();
        await input.AppendAsync(1, records);
        (RunningSource running, IReadOnlyList<PartitionAssignment> assigned) = await RunningSource.StartAssignedAsync(input.Connect());
        await using RunningSource _ = running;

        assigned[1].StartAt(0);
        List<ReadRecord> read = await ReadRecord.TakeAsync(assigned[1], records.Length);

        Assert.Equal(records.Select(r => r.Key), read.Select(r => r.Key));
        Assert.Equal(records.Select(r => r.Value), read.Select(r => r.Value));
        Assert.Equal(records.Select(r => r.TimestampMs), read.Select(r => r.TimestampMs));
        Assert.Equal(records.Select(r => r.Headers), read.Select(r => r.Headers));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(90)]
    public async Task Starting_again_elsewhere_drops_what_was_queued(long elsewhere)
    {
        await using EventSourceHarness input = await NewInputAsync();
        await input.AppendAsync(0, InputRecord.Numbers(0, 100));
        (RunningSource running, IReadOnlyList<PartitionAssignment> assigned) = await RunningSource.StartAssignedAsync(input.Connect());
        await using RunningSource _ = running;
        assigned[0].StartAt(20);
        await ReadRecord.TakeAsync(assigned[0], 1);

        assigned[0].StartAt(elsewhere);
        List<ReadRecord> read = await ReadRecord.TakeAsync(assigned[0], 100 - (int)elsewhere);

        Assert.Equal(Enumerable.Range((int)elsewhere, 100 - (int)elsewhere), read.Select(r => r.Number));
    }

    [Fact]
    public async Task A_full_queue_holds_back_only_its_own_partition()
    {
        const int Many = 20 * EventSourceHarness.BatchSizeMax * EventSourceHarness.QueuedBatchesMax;
        await using EventSourceHarness input = await NewInputAsync();
        await input.AppendAsync(0, InputRecord.Numbers(0, Many));
        await input.AppendAsync(1, InputRecord.Numbers(0, Many));
        (RunningSource running, IReadOnlyList<PartitionAssignment> assigned) = await RunningSource.StartAssignedAsync(input.Connect());
        await using RunningSource _ = running;

        assigned[0].StartAt(0);
        assigned[1].StartAt(0);
        List<ReadRecord> flowing = await ReadRecord.TakeAsync(assigned[1], Many);
        Assert.InRange(assigned[0].Records.Count, 0, EventSourceHarness.QueuedBatchesMax);
        List<ReadRecord> heldBack = await ReadRecord.TakeAsync(assigned[0], Many);

        Assert.Equal(Enumerable.Range(0, Many), flowing.Select(r => r.Number));
        Assert.Equal(Enumerable.Range(0, Many), heldBack.Select(r => r.Number));
    }

    [Fact]
    public async Task The_end_offset_is_known_when_the_last_record_is_handed_over()
    {
        await using EventSourceHarness input = await NewInputAsync();
        await input.AppendAsync(0, InputRecord.Numbers(0, 30));
        (RunningSource running, IReadOnlyList<PartitionAssignment> assigned) = await RunningSource.StartAssignedAsync(input.Connect());
        await using RunningSource _ = running;

        assigned[0].StartAt(0);
        await ReadRecord.TakeAsync(assigned[0], 30);
        Assert.Equal(30, assigned[0].EndOffset);
        await input.AppendAsync(0, InputRecord.Numbers(30, 5));
        await ReadRecord.TakeAsync(assigned[0], 5);

        Assert.Equal(35, assigned[0].EndOffset);
    }

    [Fact]
    public async Task An_empty_partition_is_known_to_be_at_its_end()
    {
        await using EventSourceHarness input = await NewInputAsync();
        (RunningSource running, IReadOnlyList<PartitionAssignment> assigned) = await RunningSource.StartAssignedAsync(input.Connect());
        await using RunningSource _ = running;

        assigned[0].StartAt(0);

        Assert.True(SpinWait.SpinUntil(() => assigned[0].EndOffset == 0, Patience));
    }

    [Fact]
    public async Task Stopping_revokes_waits_for_the_owner_and_ends_the_assignments()
    {
        await using EventSourceHarness input = await NewInputAsync();
        await input.AppendAsync(0, InputRecord.Numbers(0, 5));
        (RunningSource running, IReadOnlyList<PartitionAssignment> assigned) = await RunningSource.StartAssignedAsync(input.Connect());
        await using RunningSource _ = running;
        assigned[0].StartAt(0);
        using var drained = new ManualResetEventSlim();
        running.Owner.WhileRevoked = drained.Wait;

        running.Stop();
        OwnerCall call = await running.Owner.NextAsync();
        Assert.Equal(OwnerCallKind.Revoked, call.Kind);
        Assert.Equal(assigned, call.Assignments.OrderBy(a => a.Partition));
        Assert.False(running.Run.IsCompleted);
        drained.Set();
        await running.Run;

        while (assigned[0].Records.TryRead(out RecordBatch? left))
            left.Dispose();
        Assert.False(await assigned[0].Records.WaitToReadAsync());
        Assert.False(await assigned[1].Records.WaitToReadAsync());
    }
}
