using System.Diagnostics;
using System.Runtime.InteropServices;

namespace StreamScorer.LoadTest.Subjects;

/// <summary>A process that eats the load and is measured: the worker or a yardstick. It ends when its standard input closes.</summary>
internal abstract partial class Subject : IAsyncDisposable
{
    // Of Linux.
    private const int SigStop = 19, SigCont = 18;
    private readonly Process process;
    private readonly List<(long Ticks, string Text)> errors = [];

    /// <param name="name">As printed.</param>
    /// <param name="start">How to start it.</param>
    protected Subject(string name, ProcessStartInfo start)
    {
        Name = name;
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        StartedTicks = Stopwatch.GetTimestamp();
        process = Process.Start(start) ?? throw new InvalidOperationException($"{name} could not be started");
        _ = ReadErrorsAsync();
    }

    /// <summary>As printed.</summary>
    public string Name { get; }

    /// <summary>When it was started, <see cref="Stopwatch"/> ticks.</summary>
    public long StartedTicks { get; }

    /// <summary>Its process.</summary>
    public int ProcessId => process.Id;

    /// <summary>What it prints.</summary>
    protected StreamReader Output => process.StandardOutput;

    /// <summary>When it first, and when it last, printed a line with a text on standard error, <see cref="Stopwatch"/> ticks; null when it did not.</summary>
    public (long First, long Last)? Said(string text)
    {
        lock (errors)
        {
            (long Ticks, string Text)[] lines = [.. errors.Where(line => line.Text.Contains(text, StringComparison.Ordinal))];
            return lines.Length == 0 ? null : (lines[0].Ticks, lines[^1].Ticks);
        }
    }

    /// <summary>Events that it has finished: committed, not only read.</summary>
    public abstract Task<long> ProgressAsync();

    /// <summary>Completes when it has finished <paramref name="events"/>.</summary>
    /// <exception cref="InvalidOperationException">It ended before; the message carries what it printed.</exception>
    public async Task<long> HasAsync(long events, TimeSpan patience)
    {
        long until = Stopwatch.GetTimestamp() + (long)(patience.TotalSeconds * Stopwatch.Frequency);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (true)
        {
            long done = await ProgressAsync();
            if (done >= events)
                return done;
            if (process.HasExited)
                throw new InvalidOperationException($"{Name} ended with exit code {process.ExitCode}: {Printed}");
            if (Stopwatch.GetTimestamp() > until)
                throw new InvalidOperationException($"{Name} finished {done} of {events} events in {patience}");
            await look.WaitForNextTickAsync();
        }
    }

    /// <summary>Lets it stand still, as long as something else takes.</summary>
    public void Pause(Action meanwhile)
    {
        _ = Kill(ProcessId, SigStop);
        try
        {
            meanwhile();
        }
        finally
        {
            _ = Kill(ProcessId, SigCont);
        }
    }

    private string Printed
    {
        get
        {
            lock (errors)
                return string.Join('\n', errors.Select(line => line.Text));
        }
    }

    private async Task ReadErrorsAsync()
    {
        while (await process.StandardError.ReadLineAsync() is { } line)
        {
            lock (errors)
                errors.Add((Stopwatch.GetTimestamp(), line));
        }
    }

    /// <summary>Closes its input and waits for its end.</summary>
    public virtual async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
        }
        process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int processId, int signal);
}
