using System.Runtime.InteropServices;

namespace StreamScorer.Worker.Hosting;

/// <summary>
/// The threads that the engine works on; what comes first is served first. They give way to all others, because an event takes a dozen steps between threads and
/// processes that only move bytes (the clients of Kafka and Redis, on small machines their servers too), and would else wait behind a fold at each of them.
/// </summary>
internal sealed partial class EngineThreads : TaskScheduler, IDisposable
{
    /// <summary>Nice value of the threads on Linux: a third of the weight of others, so that on a busy machine they still get on.</summary>
    public const int Niceness = 5;

    [ThreadStatic]
    private static EngineThreads? current;

    private readonly Queue<Task> queue = new();
    private readonly int count;
    private bool stopping;

    /// <param name="count">Number of threads.</param>
    public EngineThreads(int count)
    {
        this.count = count;
        for (int i = 0; i < count; i++)
            new Thread(Run) { IsBackground = true, Name = "engine", Priority = ThreadPriority.BelowNormal }.Start();
    }

    /// <inheritdoc/>
    public override int MaximumConcurrencyLevel => count;

    /// <summary>Ends the threads when nothing is left to do.</summary>
    public void Dispose()
    {
        lock (queue)
        {
            stopping = true;
            Monitor.PulseAll(queue);
        }
    }

    /// <inheritdoc/>
    protected override void QueueTask(Task task)
    {
        lock (queue)
        {
            queue.Enqueue(task);
            Monitor.Pulse(queue);
        }
    }

    /// <inheritdoc/>
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => current == this && !taskWasPreviouslyQueued && TryExecuteTask(task);

    /// <inheritdoc/>
    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (queue)
            return [.. queue];
    }

    private void Run()
    {
        current = this;
        // There the runtime's priorities have no effect.
        if (OperatingSystem.IsLinux())
            _ = SetPriority(which: 0, who: 0, Niceness);
        while (Next() is { } task)
            TryExecuteTask(task);
    }

    private Task? Next()
    {
        lock (queue)
        {
            Task? next;
            while (!queue.TryDequeue(out next) && !stopping)
                Monitor.Wait(queue);
            return next;
        }
    }

    // Of the calling thread: on Linux a nice value is a thread's, not a process's.
    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, int who, int niceness);
}
