namespace StreamScorer.Worker.Hosting;

/// <summary>The end of standard input as a request to stop. It comes also when the process that holds the other end is killed.</summary>
internal static class InputClose
{
    /// <summary>Runs <paramref name="work"/> and cancels its token when standard input closes.</summary>
    public static async Task RunUntilAsync(Func<CancellationToken, Task> work)
    {
        // Reading standard input cannot be cancelled and ends with the process, so what it cancels is never disposed.
        var closed = new CancellationTokenSource();
        _ = WaitAsync(closed);
        await work(closed.Token);
    }

    private static async Task WaitAsync(CancellationTokenSource closed)
    {
        await using Stream input = Console.OpenStandardInput();
        byte[] ignored = new byte[256];
        while (await input.ReadAsync(ignored) > 0)
        {
        }
        await closed.CancelAsync();
    }
}
