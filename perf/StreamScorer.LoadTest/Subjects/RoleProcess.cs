using System.Diagnostics;

namespace StreamScorer.LoadTest.Subjects;

/// <summary>This program as a process of its own in the role of a yardstick.</summary>
internal static class RoleProcess
{
    /// <summary>First argument that makes this program play a role.</summary>
    public const string Flag = "--role";

    /// <summary>How to start it.</summary>
    public static ProcessStartInfo StartInfo(params string[] arguments) =>
        new(Path.Combine(AppContext.BaseDirectory, "StreamScorer.LoadTest"), [Flag, .. arguments]);

    /// <summary>Works until standard input closes, and prints the progress ten times a second.</summary>
    public static async Task RunAsync(Func<CancellationToken, Task> work, Func<long>? progress = null)
    {
        using var closed = new CancellationTokenSource();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        Task working = Task.Run(() => work(closed.Token));
        // Reading the console asynchronously blocks its caller all the same.
        Task input = Task.Run(Console.In.ReadToEnd);
        while (!input.IsCompleted && !working.IsCompleted)
        {
            if (progress is not null)
                await Console.Out.WriteLineAsync($"{progress()}");
            await timer.WaitForNextTickAsync();
        }
        await closed.CancelAsync();
        await working;
    }
}
