namespace StreamScorer.Simulation.World;

/// <summary>
/// Holds back every continuation of a worker until the simulation runs it, on its one thread and in an order that the seed decides. A worker whose continuations
/// are no longer run is stopped; dropped ones, and it is dead.
/// </summary>
internal sealed class StepScheduler(Random random) : TaskScheduler
{
    private readonly int thread = Environment.CurrentManagedThreadId;
    private readonly List<Task> ready = [];
    private bool dead;

    /// <summary>True when a continuation came from another thread: the run would not replay.</summary>
    public bool Escaped { get; private set; }

    /// <summary>Continuations that could run now.</summary>
    public int Ready => ready.Count;

    /// <summary>Runs one of them.</summary>
    public void RunOne() => Run(random.Next(ready.Count));

    /// <summary>Does something on the worker at once.</summary>
    public void RunNow(Action action)
    {
        new Task(action).Start(this);
        Run(ready.Count - 1);
    }

    private void Run(int chosen)
    {
        Task task = ready[chosen];
        ready[chosen] = ready[^1];
        ready.RemoveAt(ready.Count - 1);
        TryExecuteTask(task);
    }

    /// <summary>Starts something on the worker.</summary>
    public Task Start(Func<Task> action) =>
        Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.None, this).Unwrap();

    /// <summary>Forgets everything that was to run.</summary>
    public void Die()
    {
        dead = true;
        ready.Clear();
    }

    /// <inheritdoc/>
    protected override void QueueTask(Task task)
    {
        if (Environment.CurrentManagedThreadId != thread)
            Escaped = true;
        else if (!dead)
            ready.Add(task);
    }

    /// <inheritdoc/>
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    /// <inheritdoc/>
    protected override IEnumerable<Task> GetScheduledTasks() => ready;
}
