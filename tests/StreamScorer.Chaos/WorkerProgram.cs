using System.Diagnostics;
using System.Runtime.InteropServices;
using StreamScorer.Worker.Hosting;

namespace StreamScorer.Chaos;

/// <summary>The program as its users run it: a process of its own. Disposing kills it.</summary>
internal sealed partial class WorkerProgram : IDisposable
{
    private const int SigHup = 1;
    private const int SigKill = 9;
    private const int SigTerm = 15;
    private const int SigCont = 18;
    private const int SigStop = 19;
    private readonly Process process;
    private readonly List<string> errorLines = [];
    private readonly Task<string> output;
    private readonly Task errors;

    private WorkerProgram(string[] arguments, string workingDirectory, string? failpoint)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "streamscorer"), arguments)
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[Failpoint.Variable] = failpoint;
        process = Process.Start(start)!;
        output = process.StandardOutput.ReadToEndAsync();
        errors = ReadErrorsAsync();
    }

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => process.HasExited;

    /// <summary>Its resident memory.</summary>
    public long ResidentBytes
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64;
        }
    }

    /// <summary>What it has printed on standard error so far.</summary>
    public string Errors
    {
        get
        {
            lock (errorLines)
                return string.Join('\n', errorLines);
        }
    }

    /// <summary>How many lines of standard error contain <paramref name="text"/> so far.</summary>
    public int Count(string text)
    {
        lock (errorLines)
            return errorLines.Count(line => line.Contains(text, StringComparison.Ordinal));
    }

    /// <summary>Processes that it has started.</summary>
    public IReadOnlyList<int> Children =>
        [.. Directory.GetDirectories($"/proc/{process.Id}/task")
            .SelectMany(thread => File.ReadAllText($"{thread}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(int.Parse)
            .Order()];

    /// <summary>Starts it.</summary>
    public static WorkerProgram Start(string workingDirectory, params string[] arguments) => new(arguments, workingDirectory, failpoint: null);

    /// <summary>Starts it to die at a failpoint, as <see cref="Failpoint.Variable"/> names it; null for none.</summary>
    public static WorkerProgram StartToDie(string? failpoint, string workingDirectory, params string[] arguments) => new(arguments, workingDirectory, failpoint);

    /// <summary>Runs it to its end.</summary>
    public static async Task<ProgramResult> RunAsync(params string[] arguments)
    {
        using WorkerProgram program = Start(AppContext.BaseDirectory, arguments);
        return await program.EndAsync();
    }

    /// <summary>Completes with the first line of standard error that contains <paramref name="text"/>.</summary>
    public async Task<string> ErrorLineAsync(string text, CancellationToken cancellation)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            lock (errorLines)
                if (errorLines.Find(line => line.Contains(text, StringComparison.Ordinal)) is string found)
                    return found;
            if (process.HasExited)
                throw new InvalidOperationException($"ended with {process.ExitCode} before it said '{text}':\n{Errors}");
            await look.WaitForNextTickAsync(cancellation);
        }
    }

    /// <summary>SIGKILL: the end without a word.</summary>
    public void KillNow() => Kill(process.Id, SigKill);

    /// <summary>SIGHUP: read the configuration again.</summary>
    public void Reload() => Kill(process.Id, SigHup);

    /// <summary>SIGSTOP: it does nothing more and keeps everything, connections included.</summary>
    public void Pause() => Kill(process.Id, SigStop);

    /// <summary>SIGCONT: it goes on as if nothing had happened.</summary>
    public void Resume() => Kill(process.Id, SigCont);

    /// <summary>SIGTERM: the graceful stop.</summary>
    public void Terminate() => Terminate(process.Id);

    /// <summary>SIGTERM to any process.</summary>
    public static void Terminate(int processId) => Kill(processId, SigTerm);

    /// <summary>SIGKILL to any process.</summary>
    public static void KillNow(int processId) => Kill(processId, SigKill);

    /// <summary>Completes when it has ended.</summary>
    public async Task<ProgramResult> EndAsync()
    {
        await process.WaitForExitAsync();
        await errors;
        return new ProgramResult(process.ExitCode, await output, Errors);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        process.Dispose();
    }

    private async Task ReadErrorsAsync()
    {
        while (await process.StandardError.ReadLineAsync() is string line)
            lock (errorLines)
                errorLines.Add(line);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int processId, int signal);
}

/// <summary>How a run of the program ended.</summary>
internal sealed record ProgramResult(int ExitCode, string Output, string Errors);
