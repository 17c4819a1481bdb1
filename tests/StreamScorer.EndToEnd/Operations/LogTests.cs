using System.Text.Json;
using StreamScorer.Testing;

namespace StreamScorer.EndToEnd.Operations;

/// <summary>The log of a running worker.</summary>
public sealed class LogTests : IDisposable
{
    private readonly TempDirectory directory = new();
    private readonly CancellationTokenSource patience = new(TimeSpan.FromMinutes(1));

    public void Dispose()
    {
        directory.Dispose();
        patience.Dispose();
    }

    [Fact]
    public async Task A_hangup_takes_a_changed_level_over_and_refuses_what_cannot_be_used_and_every_line_is_JSON()
    {
        string file = Path.Combine(directory.Path, "worker.json");
        await WriteAsync(file, "Information");
        using WorkerProgram worker = WorkerProgram.Start(
            directory.Path, "run", "--config", file, "--data", directory.Path, "--urls", "http://127.0.0.1:0", "--set", "Demo:Customers=10");
        await worker.ErrorLineAsync("Web surface on ", patience.Token);

        await WriteAsync(file, "Warning");
        worker.Reload();
        await worker.ErrorLineAsync("log level is Warning", patience.Token);
        await WriteAsync(file, "Loud");
        worker.Reload();
        await worker.ErrorLineAsync("Logging:Level = ", patience.Token);
        worker.Terminate();
        ProgramResult result = await worker.EndAsync();

        Assert.Equal(0, result.ExitCode);
        int[] ids = [.. result.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("EventId").GetInt32())];
        Assert.Contains(2, ids);
        // From the reload on nothing below a warning: neither the released partitions nor the good end.
        Assert.Equal([4, 5], ids[Array.IndexOf(ids, 4)..]);
    }

    private Task WriteAsync(string file, string level) => File.WriteAllTextAsync(
        file, $$"""{ "Logging": { "Level": "{{level}}", "Format": "Json" } }""", patience.Token);
}
