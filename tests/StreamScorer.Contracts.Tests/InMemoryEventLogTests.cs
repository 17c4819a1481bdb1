using StreamScorer.Engine.Source;
using StreamScorer.Testing.Log;
using Xunit;

namespace StreamScorer.Contracts.Tests;

/// <summary>What a simulation relies on in the in-memory log: competing members and delivery by hand.</summary>
public sealed class InMemoryEventLogTests
{
    private readonly InMemoryEventLog log = new(partitionCount: 4) { BatchSizeMax = 2, QueuedBatchesMax = 1 };

    [Fact]
    public async Task A_joining_member_gets_its_share_after_the_others_have_given_up_theirs()
    {
        InMemoryLogMember first = log.Connect();
        InMemoryLogMember second = log.Connect();
        RecordingOwner firstOwner = Join(first);
        Assert.Equal([0, 1, 2, 3], first.Partitions);

        RecordingOwner secondOwner = Join(second);

        Assert.Equal([0, 1], first.Partitions);
        Assert.Equal([2, 3], second.Partitions);
        await ExpectAsync(firstOwner, OwnerCallKind.Assigned, 0, 1, 2, 3);
        await ExpectAsync(firstOwner, OwnerCallKind.Revoked, 0, 1, 2, 3);
        await ExpectAsync(firstOwner, OwnerCallKind.Assigned, 0, 1);
        await ExpectAsync(secondOwner, OwnerCallKind.Assigned, 2, 3);
    }

    [Fact]
    public async Task A_moved_partition_is_revoked_and_then_assigned()
    {
        InMemoryLogMember first = log.Connect();
        InMemoryLogMember second = log.Connect();
        RecordingOwner firstOwner = Join(first);
        RecordingOwner secondOwner = Join(second);

        log.Move(1, second);

        await ExpectAsync(firstOwner, OwnerCallKind.Assigned, 0, 1, 2, 3);
        await ExpectAsync(firstOwner, OwnerCallKind.Revoked, 0, 1, 2, 3);
        await ExpectAsync(firstOwner, OwnerCallKind.Assigned, 0, 1);
        await ExpectAsync(firstOwner, OwnerCallKind.Revoked, 1);
        await ExpectAsync(secondOwner, OwnerCallKind.Assigned, 2, 3);
        await ExpectAsync(secondOwner, OwnerCallKind.Assigned, 1);
    }

    [Fact]
    public async Task A_lost_partition_is_reported_as_lost_and_ends()
    {
        InMemoryLogMember member = log.Connect();
        RecordingOwner owner = Join(member);
        PartitionAssignment assignment = (await owner.NextAsync()).Assignments[2];

        log.Lose(2);

        await ExpectAsync(owner, OwnerCallKind.Lost, 2);
        Assert.Equal([0, 1, 3], member.Partitions);
        Assert.True(assignment.Records.Completion.IsCompleted);
    }

    [Fact]
    public async Task A_member_that_vanishes_hears_nothing_and_the_others_take_over()
    {
        InMemoryLogMember killed = log.Connect();
        InMemoryLogMember survivor = log.Connect();
        RecordingOwner killedOwner = Join(killed);
        RecordingOwner survivingOwner = Join(survivor);

        killed.Vanish();

        await ExpectAsync(killedOwner, OwnerCallKind.Assigned, 0, 1, 2, 3);
        await ExpectAsync(killedOwner, OwnerCallKind.Revoked, 0, 1, 2, 3);
        await ExpectAsync(killedOwner, OwnerCallKind.Assigned, 0, 1);
        await ExpectAsync(survivingOwner, OwnerCallKind.Assigned, 2, 3);
        await ExpectAsync(survivingOwner, OwnerCallKind.Revoked, 2, 3);
        await ExpectAsync(survivingOwner, OwnerCallKind.Assigned, 0, 1, 2, 3);
        Assert.Equal([0, 1, 2, 3], survivor.Partitions);
    }

    [Fact]
    public async Task By_hand_one_batch_is_delivered_at_a_time_on_the_calling_thread()
    {
        for (int i = 0; i < 5; i++)
            log.Append(0, null, [(byte)i], timestampMs: i);
        InMemoryLogMember member = log.Connect();
        PartitionAssignment assignment = (await Join(member).NextAsync()).Assignments[0];
        Assert.False(member.DeliverOne(0), "nothing was asked for");
        assignment.StartAt(1);

        Assert.True(member.DeliverOne(0));
        Assert.False(member.DeliverOne(0), "the queue is full");
        Assert.Equal([1, 2], Values(assignment));
        Assert.True(member.DeliverOne(0));
        Assert.Equal([3, 4], Values(assignment));
        Assert.False(member.DeliverOne(0), "there is no more");
        Assert.Equal(5, log.Append(0, null, [5], timestampMs: 5));
        Assert.True(member.DeliverOne(0));
        Assert.Equal([5], Values(assignment));
    }

    [Fact]
    public async Task Starting_below_the_retained_records_ends_the_run_with_an_error()
    {
        log.Append(0, null, [1], timestampMs: 1);
        log.Append(0, null, [2], timestampMs: 2);
        log.TrimBelow(0, 1);
        (RunningSource running, IReadOnlyList<PartitionAssignment> assigned) = await RunningSource.StartAssignedAsync(log.Connect());

        Assert.Equal(new OffsetRange(1, 2), await running.Source.GetOffsetsAsync(0, CancellationToken.None));
        assigned[0].StartAt(0);

        EventSourceException failure = await Assert.ThrowsAsync<EventSourceException>(() => running.Run);
        Assert.Contains("offset 0 is below the lowest readable offset 1", failure.Message, StringComparison.Ordinal);
    }

    private static RecordingOwner Join(InMemoryLogMember member)
    {
        var owner = new RecordingOwner();
        member.Join(owner);
        return owner;
    }

    private static async Task ExpectAsync(RecordingOwner owner, OwnerCallKind kind, params int[] partitions)
    {
        OwnerCall call = await owner.NextAsync();
        Assert.Equal(kind, call.Kind);
        Assert.Equal(partitions, call.Assignments.Select(assignment => assignment.Partition));
    }

    private static int[] Values(PartitionAssignment assignment)
    {
        Assert.True(assignment.TryRead(out RecordBatch? batch));
        using (batch)
        {
            var values = new int[batch.Count];
            for (int i = 0; i < values.Length; i++)
                values[i] = batch[i].Value[0];
            return values;
        }
    }
}
