using System.Diagnostics;
using System.Runtime.InteropServices;

namespace StreamScorer.EndToEnd;

/// <summary>The program as its users run it: a process of its own. Disposing kills it.</summary>
internal sealed partial class WorkerProgram : IDisposable
{
    private const int SigTerm = 15;
    private readonly Process process;
    private readonly List<string> errorLines = [];
    private readonly Task<string> output;
    private readonly Task errors;

    private WorkerProgram(string[] arguments, string workingDirectory)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "streamscorer"), arguments)
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        process = Process.Start(start)!;
        output = process.StandardOutput.ReadToEndAsync();
        errors = ReadErrorsAsync();
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

    /// <summary>Processes that it has started.</summary>
    public IReadOnlyList<int> Children =>
        [.. Directory.GetDirectories($"/proc/{process.Id}/task")
            .SelectMany(thread => File.ReadAllText($"{thread}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(int.Parse)
            .Order()];

    /// <summary>Starts it.</summary>
    public static WorkerProgram Start(string workingDirectory, params string[] arguments) => new(arguments, workingDirectory);

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
            Assert.False(process.HasExited, $"ended with {(process.HasExited ? process.ExitCode : 0)} before it said '{text}':\n{Errors}");
            await look.WaitForNextTickAsync(cancellation);
        }
    }

    /// <summary>SIGTERM: the graceful stop.</summary>
    public void Terminate() => Terminate(process.Id);

    /// <summary>SIGTERM to any process.</summary>
    public static void Terminate(int processId) => Kill(processId, SigTerm);

    /// <summary>SIGKILL to any process.</summary>
    public static void KillNow(int processId)
    {
        using var victim = Process.GetProcessById(processId);
        victim.Kill();
    }

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
