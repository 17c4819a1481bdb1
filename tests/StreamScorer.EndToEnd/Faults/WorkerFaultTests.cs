using System.Diagnostics;
using StreamScorer.Engine.Commit;
using Xunit.Abstractions;

namespace StreamScorer.EndToEnd.Faults;

/// <summary>Workers come, go, are paused and come back.</summary>
[Collection(FaultCollection.Name)]
public sealed class WorkerFaultTests(FaultRig rig, ITestOutputHelper output)
{
    private const int Records = 600;

    [Fact]
    [Trait("Fault", "F27")]
    public async Task A_worker_told_to_stop_under_load_leaves_soon_and_leaves_nothing_to_redo()
    {
        WorkerProgram worker = await rig.WorkerAsync();
        long before = (await rig.MetasAsync()).Sum(meta => meta.Offset);
        Task load = rig.AppendAsync(5 * Records);
        await Until.TrueAsync(async () => (await rig.MetasAsync()).Sum(meta => meta.Offset) > before, "begin on the load", () => worker.Errors);

        long start = Stopwatch.GetTimestamp();
        worker.Terminate();
        ProgramResult result = await worker.EndAsync();
        output.WriteLine($"left after {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s");

        Assert.Equal(0, result.ExitCode);
        PartitionMeta[] left = await rig.MetasAsync();
        Assert.All(left, meta => Assert.Equal(meta.OutboxSeq, meta.PublishedSeq));
        await load;

        WorkerProgram next = await rig.WorkerAsync();
        foreach ((int partition, PartitionMeta meta) in left.Index())
            Assert.Matches($@"Partition {partition} taken over with \d+ customers, from offset {meta.Offset}\b", next.Errors);
        await rig.ConvergeAsync();
    }

    [Fact]
    [Trait("Fault", "F2")]
    [Trait("Fault", "F14")]
    public async Task A_worker_paused_beyond_its_group_timeout_writes_nothing_when_it_wakes()
    {
        WorkerProgram zombie = await rig.WorkerAsync();
        using WorkerProgram successor = rig.StartWorker();
        await rig.OwnsAsync(successor, 0, FaultRig.Partitions / 2);
        await rig.AppendAsync(Records);

        zombie.Pause();
        await rig.AppendAsync(Records);
        await rig.OwnsAsync(successor, successor.Count(FaultRig.TakenOver), FaultRig.Partitions);
        await rig.AppendAsync(Records);
        int before = zombie.Count("Assigned");
        zombie.Resume();

        await Until.TrueAsync(() => zombie.Count("Assigned") > before, "join again", () => zombie.Errors);
        successor.Terminate();
        Assert.Equal(0, (await successor.EndAsync()).ExitCode);
        await rig.ConvergeAsync(mayRepeat: true);
    }

    [Fact]
    [Trait("Fault", "F13")]
    public async Task Workers_that_join_leave_and_die_change_nothing()
    {
        WorkerProgram first = await rig.WorkerAsync();
        Task load = rig.AppendAsync(Records);
        using WorkerProgram second = rig.StartWorker(), third = rig.StartWorker();
        await Until.TrueAsync(() => second.Count(FaultRig.TakenOver) > 0 && third.Count(FaultRig.TakenOver) > 0, "share", () => second.Errors + third.Errors);
        await load;
        await rig.AppendAsync(Records);

        int before = first.Count(FaultRig.TakenOver);
        second.Terminate();
        third.KillNow();
        await rig.AppendAsync(Records);

        await rig.OwnsAsync(first, before, FaultRig.Partitions);
        await rig.ConvergeAsync();
        Assert.Equal(0, (await second.EndAsync()).ExitCode);
    }
}
