using System.Globalization;
using StreamScorer.Worker.Hosting;

namespace StreamScorer.Worker.Tests.Hosting;

public sealed class EngineThreadsTests
{
    [Fact]
    public async Task What_is_started_there_stays_there_also_behind_a_wait()
    {
        using var threads = new EngineThreads(2);
        var elsewhere = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        Task<string?> named = Start(threads, async () =>
        {
            await elsewhere.Task;
            return Thread.CurrentThread.Name;
        });
        elsewhere.SetResult();

        Assert.Equal("engine", await named);
    }

    [Fact]
    public async Task What_comes_first_is_served_first()
    {
        using var threads = new EngineThreads(1);
        using var open = new ManualResetEventSlim();
        var served = new List<int>();

        Task door = Start(threads, () => { open.Wait(); return Task.FromResult(0); });
        Task[] guests = [.. Enumerable.Range(0, 100).Select(guest => Start(threads, () => { served.Add(guest); return Task.FromResult(guest); }))];
        open.Set();
        await Task.WhenAll([door, .. guests]);

        Assert.Equal(Enumerable.Range(0, 100), served);
    }

    [Fact]
    public async Task Other_threads_go_before_them()
    {
        using var threads = new EngineThreads(1);

        int theirs = await Start(threads, () => Task.FromResult(NiceValue()));

        Assert.Equal(EngineThreads.Niceness, theirs - await Task.Run(NiceValue));
    }

    private static Task<T> Start<T>(EngineThreads threads, Func<Task<T>> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, threads).Unwrap();

    // The 19th field of what Linux says of the calling thread; the name in parentheses may hold blanks.
    private static int NiceValue()
    {
        string stat = File.ReadAllText("/proc/thread-self/stat");
        return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[16], CultureInfo.InvariantCulture);
    }
}
