namespace StreamScorer.EndToEnd.Faults;

/// <summary>A store that was emptied under its worker: servers of the test's own, because nothing goes on afterwards.</summary>
public sealed class FlushedStoreTests
{
    [Fact]
    [Trait("Fault", "F6")]
    public async Task A_worker_whose_store_was_flushed_stops_and_says_so()
    {
        var rig = new FaultRig();
        await rig.InitializeAsync();
        try
        {
            WorkerProgram worker = await rig.WorkerAsync();
            await rig.Redis.ExecuteAsync("FLUSHALL");
            await rig.AppendAsync(200);
            ProgramResult result = await worker.EndAsync();

            Assert.Equal(4, result.ExitCode);
            Assert.Contains("the store has lost the state that this worker wrote", result.Errors, StringComparison.Ordinal);
        }
        finally
        {
            await rig.DisposeAsync();
        }
    }
}
