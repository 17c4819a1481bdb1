using StreamScorer.Engine.Commit;

namespace StreamScorer.EndToEnd.Faults;

/// <summary>The brokers break under a working worker, and come back.</summary>
[Collection(FaultCollection.Name)]
public sealed class BrokerFaultTests(FaultRig rig)
{
    private const int Records = 600;

    [Fact]
    [Trait("Fault", "F11")]
    [Trait("Fault", "F12")]
    public async Task All_brokers_down_and_up_again()
    {
        WorkerProgram worker = await rig.WorkerAsync();
        await rig.AppendAsync(Records);
        int before = worker.Count("brokers are down");

        await rig.Broker.CommandAsync("down all");
        Task load = rig.AppendAsync(Records);
        await Until.TrueAsync(() => worker.Count("brokers are down") > before, "miss its brokers", () => worker.Errors);
        await rig.Broker.CommandAsync("up all");

        await load;
        await rig.ConvergeAsync();
    }

    [Fact]
    [Trait("Fault", "F11")]
    public async Task Slow_brokers()
    {
        await rig.WorkerAsync();
        await rig.Broker.CommandAsync("rtt all 200");

        await rig.AppendAsync(Records);

        await rig.SettleAsync();
        await rig.Broker.CommandAsync("rtt all 0");
        await rig.ConvergeAsync();
    }

    [Fact]
    [Trait("Fault", "F11")]
    public async Task Leaders_and_the_coordinator_move()
    {
        await rig.WorkerAsync();
        Task load = rig.AppendAsync(Records);

        await rig.PlaceAsync(FaultRig.OutputBroker, FaultRig.InputBroker, FaultRig.GroupBroker);
        await load;
        await rig.AppendAsync(Records);

        await rig.ConvergeAsync();
        await rig.PlaceAsync(FaultRig.InputBroker, FaultRig.GroupBroker, FaultRig.OutputBroker);
    }

    /// <summary>API keys: 0 Produce, 1 Fetch, 2 ListOffsets, 3 Metadata, 8 OffsetCommit. Codes: 6 not leader, 7 timed out, 16 not coordinator, 19 too few replicas.</summary>
    [Fact]
    [Trait("Fault", "F11")]
    public async Task Requests_fail()
    {
        await rig.WorkerAsync();
        foreach (string command in (string[])["error 0 19 20", "error 0 7 5", "error 1 6 5", "error 3 7 5", "error 8 16 5"])
        {
            await rig.Broker.CommandAsync(command);
            await rig.AppendAsync(Records / 3);
        }

        await rig.ConvergeAsync();
    }

    [Fact]
    [Trait("Fault", "F22")]
    public async Task An_output_that_is_down_fills_the_outbox_and_nothing_is_lost()
    {
        await rig.WorkerAsync();
        await rig.Broker.CommandAsync($"down {FaultRig.OutputBroker}");

        await rig.AppendAsync(Records);
        await Until.TrueAsync(async () => Pending(await rig.MetasAsync()) > 0, "fill its outbox", () => "");
        await rig.Broker.CommandAsync($"up {FaultRig.OutputBroker}");

        await rig.ConvergeAsync();
        Assert.Equal(0, Pending(await rig.MetasAsync()));
    }

    private static long Pending(PartitionMeta[] metas) => metas.Sum(meta => meta.OutboxSeq - meta.PublishedSeq);
}
