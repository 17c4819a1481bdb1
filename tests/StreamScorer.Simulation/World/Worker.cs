using StreamScorer.Engine;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Source;
using StreamScorer.Simulation.Ports;

namespace StreamScorer.Simulation.World;

/// <summary>One worker process: a real engine on simulated ports. It can be stopped, thrown out and killed at any instant.</summary>
internal sealed class Worker : IEngineObserver
{
    private readonly CancellationTokenSource stopping = new();
    private readonly Surroundings around;
    private readonly StreamEngine engine;
    private Task ownerCalls = Task.CompletedTask;
    private bool isLosing;

    public Worker(int number, Surroundings around)
    {
        (Number, this.around) = (number, around);
        Scheduler = new StepScheduler(around.Scenario.Random);
        Source = new SimulatedSource(this, around.Broker, around.Network);
        Sink = new SimulatedSink(this, around.Broker, around.Network);
        var store = new SimulatedStore(this, around.Server, around.Network, around.Canary);
        engine = new StreamEngine(
            Source, store, Sink, around.Scenario.Rules, around.Scenario.Options, this, step => around.Reached(this, step), Scheduler);
        Running = Scheduler.Start(() => engine.RunAsync(NowMs, stopping.Token));
    }

    /// <summary>Number among all workers of the run.</summary>
    public int Number { get; }

    /// <summary>Its continuations.</summary>
    public StepScheduler Scheduler { get; }

    /// <summary>Its consumer.</summary>
    public SimulatedSource Source { get; }

    /// <summary>Its producer.</summary>
    public SimulatedSink Sink { get; }

    /// <summary>The store's server.</summary>
    public StoreServer Server => around.Server;

    /// <summary>Ends with the engine.</summary>
    public Task Running { get; }

    /// <summary>False once it was killed.</summary>
    public bool IsAlive { get; private set; } = true;

    /// <summary>Whether it is stopped, as by SIGSTOP.</summary>
    public bool IsPaused { get; set; }

    /// <summary>Whether it still holds what the group has given to others.</summary>
    public bool IsEvicted { get; set; }

    /// <summary>How far its clock is from the right one, milliseconds.</summary>
    public long ClockSkewMs { get; set; }

    /// <summary>Whether anything of it may happen.</summary>
    public bool Runs => IsAlive && !IsPaused;

    /// <summary>True while it is told about its partitions; it fetches nothing meanwhile.</summary>
    public bool IsInOwnerCall => !ownerCalls.IsCompleted;

    private long NowMs => around.NowMs + ClockSkewMs;

    public override string ToString() => $"worker {Number}";

    /// <summary>Writes a line about it.</summary>
    public void Trace(string what) => around.Trace?.Invoke($"{this} {what}");

    /// <summary>What it is up to, for people.</summary>
    public string Describe() => $"{this}: {(IsAlive ? Running.Status : TaskStatus.Canceled)}{(IsPaused ? ", stopped" : "")}{(IsEvicted ? ", thrown out" : "")}"
        + $"{(IsInOwnerCall ? ", in an owner call" : "")}{ownerCalls.Exception?.InnerException}, {Scheduler.Ready} continuations, holds {string.Join(' ', Source.Deliveries.Select(d => d.Assignment.Partition))}";

    /// <summary>It has opened its ports and wants partitions until <paramref name="leaving"/>.</summary>
    public void Join(CancellationToken leaving)
    {
        around.Group.Join(this);
        leaving.Register(() => around.Group.Leave(this));
    }

    /// <summary>SIGTERM.</summary>
    public void Stop() => Tell("is asked to stop", () =>
    {
        stopping.Cancel();
        return Task.CompletedTask;
    });

    /// <summary>SIGKILL.</summary>
    public void Kill(string where)
    {
        around.Trace?.Invoke($"{this} dies {where}");
        IsAlive = false;
        Scheduler.Die();
        Sink.Die(around.Scenario.Random);
        around.Group.Forget(this);
    }

    /// <summary>Lets it look at its clock. At once, because a process whose time has jumped looks before it does anything else.</summary>
    public void Tick() => Scheduler.RunNow(() => engine.Tick(NowMs));

    /// <summary>The group gives it partitions.</summary>
    public void Assign(IReadOnlyList<int> partitions)
    {
        Delivery[] deliveries = [.. partitions.Select(p => new Delivery(p) { TrustsGroupOffset = around.Canary == Canaries.Canary.TrustsTheGroupOffset })];
        Tell($"is given {string.Join(' ', partitions)}", () =>
        {
            Source.Deliveries.AddRange(deliveries);
            ((IPartitionOwner)engine).Assigned([.. deliveries.Select(d => d.Assignment)]);
            return Task.CompletedTask;
        });
    }

    /// <summary>The group takes its partitions in an orderly way.</summary>
    public void Revoke() => Tell("hands over", () => EndAsync(engine.RevokeAsync));

    /// <summary>The group has given its partitions to others.</summary>
    public void Lose()
    {
        if (!IsEvicted || isLosing)
            return;
        isLosing = true;
        Tell("learns that it lost", async () =>
        {
            await EndAsync(engine.LoseAsync);
            (isLosing, IsEvicted) = (false, false);
            if (Source.IsLeaving)
                Source.Leave();
            else
                around.Group.Join(this);
        });
    }

    void IEngineObserver.TakenOver(int partition, int customers, long offset) =>
        around.Trace?.Invoke($"{this} takes over {partition} with {customers} customers at offset {offset}");

    void IEngineObserver.TakeoverFailed(int partition, string error) => around.Trace?.Invoke($"{this} cannot take over {partition}: {error}");

    void IEngineObserver.Committed(int partition, CommitOutcome outcome, int records) => around.Trace?.Invoke($"{this} learns of {partition}: {outcome}");

    void IEngineObserver.PopulationStale(string error) => around.Trace?.Invoke($"{this}: population stale: {error}");

    void IEngineObserver.Released(int partition) => around.Trace?.Invoke($"{this} releases {partition}");

    // One call after the other, as a consumer's poll thread makes them.
    private void Tell(string what, Func<Task> call)
    {
        Task before = ownerCalls;
        ownerCalls = Scheduler.Start(async () =>
        {
            await before;
            around.Trace?.Invoke($"{this} {what}");
            await call();
        });
    }

    private async Task EndAsync(Func<IReadOnlyList<PartitionAssignment>, Task> end)
    {
        Delivery[] ending = [.. Source.Deliveries];
        await end([.. ending.Select(d => d.Assignment)]);
        foreach (Delivery delivery in ending)
        {
            delivery.Assignment.Writer.TryComplete();
            Source.Deliveries.Remove(delivery);
        }
    }
}
