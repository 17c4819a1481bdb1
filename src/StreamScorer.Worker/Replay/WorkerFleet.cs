using System.Diagnostics;
using StreamScorer.Worker.CommandLine;
using StreamScorer.Worker.Configuration;

namespace StreamScorer.Worker.Replay;

/// <summary>
/// Worker processes of this same program in one consumer group. One that is killed or stopped by somebody is started again, as a service manager would;
/// one that ends with an error has failed, and so has the fleet.
/// </summary>
internal sealed class WorkerFleet : IAsyncDisposable
{
    // 128 + the number of the signal that ended it: SIGINT, SIGKILL, SIGTERM. Others, such as SIGABRT, are a crash of its own.
    private static readonly int[] endedBySomebody = [ExitCode.Ok, 130, 137, 143];

    private readonly StreamScorerOptions options;
    private readonly ILogger<WorkerFleet> logger;
    private readonly CancellationTokenSource stopping = new();
    private readonly Task[] members;

    /// <summary>Starts <paramref name="count"/> workers.</summary>
    public WorkerFleet(StreamScorerOptions options, int count, ILogger<WorkerFleet> logger)
    {
        (this.options, this.logger) = (options, logger);
        members = [.. Enumerable.Range(1, count).Select(KeepRunningAsync)];
    }

    /// <summary>Completes when any worker has failed; faulted with why.</summary>
    public async Task FailureAsync() => await await Task.WhenAny(members);

    /// <summary>Lets all workers drain, commit and leave, and completes when they are gone.</summary>
    /// <exception cref="WorkerFailedException">One did not end in good order.</exception>
    public async Task StopAsync()
    {
        await stopping.CancelAsync();
        await Task.WhenAll(members);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await Task.WhenAll(members).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stopping.Dispose();
    }

    private async Task KeepRunningAsync(int number)
    {
        while (true)
        {
            int exitCode = await RunAsync(number);
            if (!endedBySomebody.Contains(exitCode))
                throw new WorkerFailedException($"replay worker {number} ended with exit code {exitCode}; its errors are above");
            if (stopping.IsCancellationRequested)
                return;
            logger.ReplayWorkerRestarted(number, exitCode);
        }
    }

    private async Task<int> RunAsync(int number)
    {
        using Process process = Process.Start(WorkerProcess.StartInfo(options))
            ?? throw new WorkerFailedException($"replay worker {number} could not be started");
        // Closing its input asks for the graceful stop, also when this process dies: a worker never outlives its replay.
        await using CancellationTokenRegistration stop = stopping.Token.Register(process.StandardInput.Close);
        await process.WaitForExitAsync(CancellationToken.None);
        return process.ExitCode;
    }
}

/// <summary>A worker of a replay failed.</summary>
public sealed class WorkerFailedException(string message) : Exception(message);
