using StreamScorer.Engine.Commit;
using StreamScorer.Testing.Servers;

namespace StreamScorer.EndToEnd.Faults;

/// <summary>The store breaks under a working worker, and comes back.</summary>
[Collection(FaultCollection.Name)]
public sealed class RedisFaultTests(FaultRig rig)
{
    private const int Records = 600;

    [Fact]
    [Trait("Fault", "F3")]
    [Trait("Fault", "F10")]
    public async Task A_store_killed_and_restarted_lost_nothing_and_the_worker_goes_on()
    {
        await rig.WorkerAsync();
        Task load = rig.AppendAsync(Records);

        await rig.Redis.KillAsync();
        await load;
        await rig.Redis.RestartAsync();

        await rig.AppendAsync(Records);
        await rig.ConvergeAsync();
    }

    [Fact]
    [Trait("Fault", "F4")]
    public async Task A_store_that_lost_its_tail_is_caught_up_by_reading_again()
    {
        await rig.WorkerAsync();
        await rig.AppendAsync(Records);
        await rig.ConvergeAsync();
        long[] before = [.. (await rig.MetasAsync()).Select(meta => meta.Offset)];

        await rig.Redis.KillAsync();
        string log = Directory.GetFiles(Path.Combine(rig.Redis.DirectoryPath, "appendonlydir"), "*.incr.aof").Single();
        using (FileStream tail = File.OpenWrite(log))
            tail.SetLength(tail.Length - Random.Shared.Next(50_000, 200_000));
        await rig.Redis.RestartAsync();
        long[] lost = [.. (await rig.MetasAsync()).Select((meta, partition) => before[partition] - meta.Offset)];
        Assert.Contains(lost, records => records > 0);

        await rig.AppendAsync(Records);
        await rig.ConvergeAsync(mayRepeat: true);
    }

    [Fact]
    [Trait("Fault", "F5")]
    public async Task A_replica_that_was_cut_off_and_then_promoted_is_caught_up_by_reading_again()
    {
        await rig.WorkerAsync();
        RedisServerProcess former = rig.Redis, replica = await RedisServerProcess.StartAsync(new RedisServerOptions { AppendOnly = true }, SmallDisk.MountOn);
        await replica.ExecuteAsync("REPLICAOF", "127.0.0.1", $"{former.Port}");
        await Until.TrueAsync(
            async () => (await replica.ExecuteAsync("INFO", "replication")).Contains("master_link_status:up", StringComparison.Ordinal), "replicate", () => "");

        await replica.ExecuteAsync("REPLICAOF", "NO", "ONE");
        await rig.AppendAsync(Records);
        await rig.ConvergeAsync();
        rig.Network.Cut();
        await former.KillAsync();
        SmallDisk.Unmount(former.DirectoryPath);
        rig.Redis = replica;
        rig.Network.Heal(replica.Port);

        await rig.AppendAsync(Records);
        await rig.ConvergeAsync(mayRepeat: true);
        await former.DisposeAsync();
    }

    [Fact]
    [Trait("Fault", "F7")]
    public async Task A_store_without_memory_pauses_the_worker_until_it_has_some()
    {
        WorkerProgram worker = await rig.WorkerAsync();
        int before = worker.Count("OOM");
        await rig.Redis.ExecuteAsync("CONFIG", "SET", "maxmemory", "1");

        await rig.AppendAsync(Records);
        await Until.TrueAsync(() => worker.Count("OOM") > before, "meet the limit", () => worker.Errors);
        await rig.Redis.ExecuteAsync("CONFIG", "SET", "maxmemory", "0");

        await rig.ConvergeAsync();
    }

    [Fact]
    [Trait("Fault", "F7")]
    public async Task A_worker_does_not_start_on_a_store_that_evicts()
    {
        await rig.Redis.ExecuteAsync("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
        using WorkerProgram refused = rig.StartWorker();
        ProgramResult result = await refused.EndAsync();
        await rig.Redis.ExecuteAsync("CONFIG", "SET", "maxmemory-policy", "noeviction");

        Assert.Equal(4, result.ExitCode);
        Assert.Contains("maxmemory-policy 'allkeys-lru'", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Fault", "F9")]
    public async Task A_store_that_is_slow_holds_the_worker_back_without_a_rebalance()
    {
        WorkerProgram worker = await rig.WorkerAsync();
        int revoked = worker.Count("Revoked"), taken = worker.Count(FaultRig.TakenOver);

        await rig.Redis.ExecuteAsync("CLIENT", "PAUSE", "2500", "ALL");
        await rig.AppendAsync(Records);

        await rig.ConvergeAsync();
        Assert.Equal((revoked, taken), (worker.Count("Revoked"), worker.Count(FaultRig.TakenOver)));
    }

    [Fact]
    [Trait("Fault", "F12")]
    public async Task A_worker_cut_off_from_its_store_goes_on_when_the_network_is_back()
    {
        WorkerProgram worker = await rig.WorkerAsync();
        int before = worker.Count("could not be taken over");
        Task load = rig.AppendAsync(Records);

        rig.Network.Cut();
        await load;
        await rig.AppendAsync(Records);
        await Until.TrueAsync(() => worker.Count("could not be taken over") > before, "miss its store", () => worker.Errors);
        rig.Network.Heal(rig.Redis.Port);

        await rig.ConvergeAsync();
    }

    [SmallDiskFact]
    [Trait("Fault", "F8")]
    public async Task A_store_with_a_full_disk_pauses_the_worker_until_there_is_room()
    {
        WorkerProgram worker = await rig.WorkerAsync();
        // Redis refuses even the PING of a new connection then, so the client never hears why.
        int before = worker.Count("could not be taken over");
        string ballast = Path.Combine(rig.Redis.DirectoryPath, "ballast");

        try
        {
            SmallDisk.Fill(ballast);
            await rig.AppendAsync(Records);
            await Until.TrueAsync(() => worker.Count("could not be taken over") > before, "meet the end of the disk", () => worker.Errors);
        }
        finally
        {
            File.Delete(ballast);
        }

        await rig.ConvergeAsync();
    }
}
