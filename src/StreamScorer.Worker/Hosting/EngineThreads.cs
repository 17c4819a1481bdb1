using System.Runtime.InteropServices;

namespace StreamScorer.Worker.Hosting;

/// <summary>
/// The threads that the engine works on; what comes first is served first. They give way to others, because an event takes a dozen steps between threads and
/// processes that only move bytes (the clients of Kafka and Redis, on small machines their servers too), and would else wait behind a fold at each of them.
/// On Linux a thread starts with the nice value of the one that starts it, so what an engine thread starts gives way too: the runtime's background collector,
/// at times its compiler, and possibly a thread of the pool, most of which start before or from each other.
/// </summary>
internal sealed partial class EngineThreads : TaskScheduler, IDisposable
{
    /// <summary>What is added on Linux to the nice value of the thread that starts them: a third of its weight, so that on a busy machine they still get on.</summary>
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
            _ = Nice(Niceness);
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

    // Adds to the calling thread's: on Linux a nice value is a thread's, not a process's.
    [LibraryImport("libc", EntryPoint = "nice")]
    private static partial int Nice(int increment);
}
