using System.Text.Json;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Source;
using StreamScorer.Standalone.Database;
using StreamScorer.Standalone.Log;
using StreamScorer.Standalone.State;
using StreamScorer.Testing;
using StreamScorer.Worker.CommandLine;

namespace StreamScorer.EndToEnd;

/// <summary>A standalone state of real customers changes its partition count, and a worker goes on with it.</summary>
public sealed class RepartitionTests : IDisposable
{
    private const int Old = 4, New = 7;
    private readonly TempDirectory directory = new();
    private readonly CancellationTokenSource patience = new(TimeSpan.FromMinutes(2));

    public void Dispose()
    {
        directory.Dispose();
        patience.Dispose();
    }

    [Fact]
    public async Task A_standalone_state_is_drained_copied_and_taken_over()
    {
        string old = directory.File("old"), changed = directory.File("new");
        using (WorkerProgram worker = WorkerProgram.Start(directory.Path, "run", "--data", old, "--urls", "none"))
        {
            await AppliedAsync(old, 1_000);
            worker.Terminate();
            await worker.EndAsync();
        }
        using (WorkerProgram worker = WorkerProgram.Start(directory.Path, "run", "--data", old, "--urls", "none", "--set", "Demo:Enabled=false"))
        {
            await DrainedAsync(old);
            worker.Terminate();
            await worker.EndAsync();
        }
        var output = new StringWriter();
        var error = new StringWriter();
        int exitCode = await StreamScorerCommand.InvokeAsync(["repartition", "--data", old, "--partitions", $"{New}", "--to", changed], output, error);
        Assert.True(exitCode == ExitCode.Ok, error.ToString());
        Assert.Contains($"in {New} partitions, compared with the old state", output.ToString(), StringComparison.Ordinal);

        string[] flags = ["--data", changed, "--urls", "none", "--set", "Demo:Enabled=false", "--set", $"Standalone:Partitions={New}"];
        string customer = await AnyCustomerAsync(changed);
        Assert.Equal(await HistoryAsync(customer, "--data", old), await HistoryAsync(customer, flags));
        using WorkerProgram again = WorkerProgram.Start(directory.Path, ["run", .. flags]);
        await again.ErrorLineAsync("Partition 6 taken over", patience.Token);
        again.Terminate();
        Assert.Equal(0, (await again.EndAsync()).ExitCode);
    }

    private Task AppliedAsync(string data, long count) => WaitAsync(data, async (store, _) =>
    {
        long applied = 0;
        for (int partition = 0; partition < Old; partition++)
            applied += (await store.ReadMetaAsync(partition, patience.Token))?.Counters.Applied ?? 0;
        return applied >= count;
    });

    private Task DrainedAsync(string data) => WaitAsync(data, async (store, log) =>
    {
        for (int partition = 0; partition < Old; partition++)
            if ((await store.ReadMetaAsync(partition, patience.Token))?.Offset != log.GetOffsets(StandaloneLog.Transactions, partition).End)
                return false;
        return true;
    });

    private async Task WaitAsync(string data, Func<StandaloneStore, StandaloneLog, Task<bool>> isReached)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        string path = Path.Combine(data, "streamscorer.db");
        do
        {
            await look.WaitForNextTickAsync(patience.Token);
        }
        while (!await LookAsync());

        async Task<bool> LookAsync()
        {
            try
            {
                await using StandaloneDatabase database = StandaloneDatabase.OpenReadOnly(path);
                return await isReached(new StandaloneStore(database), new StandaloneLog(database));
            }
            catch (StateStoreException)
            {
                // The worker has not created it yet.
                return false;
            }
        }
    }

    private static async Task<string> AnyCustomerAsync(string data)
    {
        await using StandaloneDatabase database = StandaloneDatabase.OpenReadOnly(Path.Combine(data, "streamscorer.db"));
        await foreach (StoredCustomer customer in new StandaloneStore(database).ReadCustomersAsync(New - 1, CancellationToken.None))
        {
            Assert.Equal(New - 1, Partitioner.Murmur2(customer.CustomerId, New));
            return System.Text.Encoding.UTF8.GetString(customer.CustomerId);
        }
        throw new InvalidOperationException("the last partition is empty");
    }

    private static async Task<string> HistoryAsync(string customer, params string[] flags)
    {
        ProgramResult result = await WorkerProgram.RunAsync(["customer", customer, "--json", .. flags]);
        Assert.True(result.ExitCode == 0, result.Errors);
        return JsonDocument.Parse(result.Output).RootElement.GetProperty("history").GetRawText();
    }
}
