using System.Diagnostics;

namespace StreamScorer.Testing.Brokers;

/// <summary>A Kafka test broker in a process of its own, so that clients can be killed while it lives. Disposing ends it and forgets its topics.</summary>
public sealed class TestBrokerProcess : IAsyncDisposable
{
    private const string BootstrapPrefix = "BOOTSTRAP ";
    private readonly Process process;
    private readonly SemaphoreSlim oneCommand = new(1);

    private TestBrokerProcess(Process process, string bootstrap)
    {
        this.process = process;
        Bootstrap = bootstrap;
    }

    /// <summary>Comma-separated <c>host:port</c>.</summary>
    public string Bootstrap { get; }

    /// <summary>The broker's process.</summary>
    public int ProcessId => process.Id;

    /// <summary>Starts a broker and completes when it can be reached.</summary>
    /// <param name="topics">Topics to create, <c>name:partitions</c>.</param>
    public static async Task<TestBrokerProcess> StartAsync(IEnumerable<string> topics, int brokers = 1)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "StreamScorer.TestBroker.dll");
        var start = new ProcessStartInfo("dotnet", [program, "--topics", string.Join(',', topics), "--brokers", $"{brokers}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        Process process = Process.Start(start) ?? throw new InvalidOperationException("the test broker could not be started");
        string? line = await process.StandardOutput.ReadLineAsync();
        return line is not null && line.StartsWith(BootstrapPrefix, StringComparison.Ordinal)
            ? new TestBrokerProcess(process, line[BootstrapPrefix.Length..])
            : throw new InvalidOperationException("the test broker ended before it could be reached; its error is above");
    }

    /// <summary>Gives the broker a fault command, such as <c>down 1</c>, and completes when it is done.</summary>
    /// <exception cref="InvalidOperationException">The broker refuses the command; the message is its answer.</exception>
    public async Task CommandAsync(string command)
    {
        await oneCommand.WaitAsync();
        try
        {
            await process.StandardInput.WriteLineAsync(command);
            string? answer = await process.StandardOutput.ReadLineAsync();
            if (answer != "ok")
                throw new InvalidOperationException($"'{command}': {answer ?? "the test broker has ended"}");
        }
        finally
        {
            oneCommand.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
        oneCommand.Dispose();
    }
}
