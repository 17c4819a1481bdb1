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
    public async Task They_give_way_to_the_thread_that_starts_them_whatever_its_own_nice_value()
    {
        int[] niceValues = [NiceValue(), 0, 0];
        using var first = new EngineThreads(1);

        await Start(first, async () =>
        {
            niceValues[1] = NiceValue();
            using var second = new EngineThreads(1);
            niceValues[2] = await Start(second, () => Task.FromResult(NiceValue()));
            return 0;
        });

        Assert.Equal([Increased(niceValues[0]), Increased(niceValues[1])], niceValues[1..]);

        static int Increased(int niceValue) => Math.Min(niceValue + EngineThreads.Niceness, 19);
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
