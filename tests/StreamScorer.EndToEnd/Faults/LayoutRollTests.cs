using StreamScorer.Engine.Commit;
using StreamScorer.Redis;

namespace StreamScorer.EndToEnd.Faults;

/// <summary>
/// Workers that write different record layouts share one state, as during a roll: one from before <c>raise-layout</c>, which writes the old layout as long as it
/// lives, and one from after it.
/// </summary>
[Collection(FaultCollection.Name)]
public sealed class LayoutRollTests(FaultRig rig)
{
    private const int Records = 600;

    [Fact]
    [Trait("Fault", "F24")]
    public async Task Workers_that_write_different_layouts_take_over_from_each_other()
    {
        WorkerProgram before = await rig.WorkerAsync();
        ProgramResult raised = await WorkerProgram.RunAsync(["raise-layout", .. rig.Flags]);
        Assert.True(raised.ExitCode == 0, raised.Errors);
        Assert.Contains("record layout was 2 and is 3", raised.Output, StringComparison.Ordinal);

        using WorkerProgram after = rig.StartWorker();
        await rig.OwnsAsync(after, 0, FaultRig.Partitions / 2);
        await rig.AppendAsync(Records);
        await rig.ConvergeAsync();
        Assert.Equal((int[])[2, 3], await LayoutsAsync());

        int taken = before.Count(FaultRig.TakenOver);
        after.Terminate();
        Assert.Equal(0, (await after.EndAsync()).ExitCode);
        await rig.OwnsAsync(before, taken, FaultRig.Partitions);
        await rig.AppendAsync(Records);
        await rig.ConvergeAsync();
    }

    private async Task<int[]> LayoutsAsync()
    {
        var layouts = new SortedSet<int>();
        await using RedisStateStore store = await rig.StoreAsync();
        for (int partition = 0; partition < FaultRig.Partitions; partition++)
            await foreach (StoredCustomer customer in store.ReadCustomersAsync(partition, rig.Patience))
                layouts.Add(customer.Hot[0]);
        return [.. layouts];
    }
}
