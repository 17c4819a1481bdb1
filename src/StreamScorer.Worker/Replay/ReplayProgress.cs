using Spectre.Console;

namespace StreamScorer.Worker.Replay;

/// <summary>Two bars on standard error, and only when a person watches: read, and applied.</summary>
internal static class ReplayProgress
{
    /// <summary>Runs <paramref name="replay"/> with what it reports to.</summary>
    public static async Task<T> ShowAsync<T>(bool isVisible, Func<Action<double>, Action<double>, Task<T>> replay)
    {
        if (!isVisible)
            return await replay(_ => { }, _ => { });
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return await console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(async context =>
            {
                ProgressTask reading = context.AddTask("read", maxValue: 1);
                ProgressTask applying = context.AddTask("applied and published", maxValue: 1);
                return await replay(share => reading.Value = share, share => applying.Value = share);
            });
    }
}
