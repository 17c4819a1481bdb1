using System.Diagnostics;

namespace StreamScorer.LoadTest.Subjects;

/// <summary>A process that eats the load and is measured: the worker or a yardstick. It ends when its standard input closes.</summary>
internal abstract class Subject : IAsyncDisposable
{
    private readonly Process process;

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
        Errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>As printed.</summary>
    public string Name { get; }

    /// <summary>When it was started, <see cref="Stopwatch"/> ticks.</summary>
    public long StartedTicks { get; }

    /// <summary>Its process.</summary>
    public int ProcessId => process.Id;

    /// <summary>What it prints.</summary>
    protected StreamReader Output => process.StandardOutput;

    private Task<string> Errors { get; }

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
                throw new InvalidOperationException($"{Name} ended with exit code {process.ExitCode}: {await Errors}");
            if (Stopwatch.GetTimestamp() > until)
                throw new InvalidOperationException($"{Name} finished {done} of {events} events in {patience}");
            await look.WaitForNextTickAsync();
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
}
