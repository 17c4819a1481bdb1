using StreamScorer.Engine;
using StreamScorer.Simulation.Ports;

namespace StreamScorer.Simulation.World;

/// <summary>Does to a run what its scenario allows, one fault after the other and several at once.</summary>
internal sealed class FaultInjector
{
    private const int StepsBetween = 120;
    private const long MinuteMs = 60_000;
    private readonly Scenario scenario;
    private readonly Random random;
    private readonly List<Worker> workers;
    private readonly List<EngineStep> killedAt = [];
    private readonly List<(int Countdown, Action End)> ending = [];
    private readonly Fault[] possible;
    private EngineStep? killStep;
    private bool stopped;

    public FaultInjector(Scenario scenario, List<Worker> workers)
    {
        (this.scenario, this.workers, random) = (scenario, workers, scenario.Random);
        const Fault Active = Fault.Kill | Fault.Pause | Fault.StoreAway | Fault.StoreRollback | Fault.StoreFlushed | Fault.StoreRefuses | Fault.StoreSlow
            | Fault.Rebalances | Fault.Eviction | Fault.ClockJumps | Fault.OutputAway;
        possible = [.. Enum.GetValues<Fault>().Where(f => f != Fault.None && (f & Active) != 0 && scenario.Has(f))];
    }

    /// <summary>Steps at which a worker was killed.</summary>
    public IReadOnlyList<EngineStep> KilledAt => killedAt;

    /// <summary>Whether the store was emptied.</summary>
    public bool IsFlushed { get; private set; }

    /// <summary>Whether a worker refused to go on with an empty store.</summary>
    public bool Refused { get; set; }

    /// <summary>Now and then, one more fault.</summary>
    public void Step(Surroundings around)
    {
        for (int i = ending.Count - 1; i >= 0; i--)
        {
            ending[i] = ending[i] with { Countdown = ending[i].Countdown - 1 };
            if (ending[i].Countdown > 0)
                continue;
            ending[i].End();
            ending.RemoveAt(i);
        }
        if (possible.Length > 0 && random.Next(StepsBetween) == 0)
            Inject(possible[random.Next(possible.Length)], around);
    }

    /// <summary>No more faults; what is away comes back.</summary>
    public void Stop(Surroundings around)
    {
        stopped = true;
        killStep = null;
        foreach ((_, Action end) in ending)
            end();
        ending.Clear();
        foreach (Worker worker in workers)
            worker.ClockSkewMs = 0;
    }

    /// <summary>A worker has reached a step: it may be its last.</summary>
    public void Reached(Worker worker, EngineStep step)
    {
        if (killStep != step || !worker.IsAlive || stopped)
            return;
        killStep = null;
        killedAt.Add(step);
        worker.Kill($"at {step}");
    }

    private void Inject(Fault fault, Surroundings around)
    {
        Worker worker = workers[random.Next(workers.Count)];
        switch (fault)
        {
            case Fault.Kill when random.Next(4) == 0 && worker.IsAlive:
                worker.Kill("somewhere");
                break;
            case Fault.Kill:
                killStep = (EngineStep)random.Next(Enum.GetValues<EngineStep>().Length);
                break;
            case Fault.Pause when worker.Runs:
                Pause(worker, around);
                break;
            case Fault.Eviction when worker.IsAlive && !worker.IsEvicted && around.Group.Members.Contains(worker):
                around.Trace?.Invoke($"{worker} is thrown out and does not hear of it");
                around.Group.Evict(worker);
                For(800, worker.Lose);
                break;
            case Fault.Rebalances when random.Next(3) == 0 && worker.Runs:
                worker.Stop();
                break;
            case Fault.Rebalances:
                around.Group.Rebalance();
                break;
            case Fault.ClockJumps:
                worker.ClockSkewMs = random.NextInt64(-4 * MinuteMs, 4 * MinuteMs);
                break;
            case Fault.OutputAway:
                Toggle(around, "output away", on => around.Broker.OutputAway = on);
                break;
            default:
                InjectIntoStore(fault, around);
                break;
        }
    }

    private void InjectIntoStore(Fault fault, Surroundings around)
    {
        switch (fault)
        {
            case Fault.StoreAway:
                around.Network.Reset();
                Toggle(around, "store away", on => around.Network.Store = on ? Network.Reach.Away : Network.Reach.Open);
                break;
            case Fault.StoreRefuses:
                Toggle(around, "store refuses writes", on => around.Network.Store = on ? Network.Reach.ReadOnly : Network.Reach.Open);
                break;
            case Fault.StoreSlow:
                Toggle(around, "store slow", on => around.Network.Lossy = on);
                break;
            case Fault.StoreRollback:
                if (random.Next(2) == 0)
                    around.Network.Reset();
                around.Server.RollBack(random.Next(1, 25));
                break;
            // Before that nobody can tell it from a new store, and nothing is lost.
            case Fault.StoreFlushed when around.Broker.HasProgress && random.Next(6) == 0:
                around.Server.Flush();
                IsFlushed = true;
                break;
        }
    }

    // Somebody else gets its partitions or not, before it goes on.
    private void Pause(Worker worker, Surroundings around)
    {
        around.Trace?.Invoke($"{worker} is stopped");
        worker.IsPaused = true;
        if (random.Next(3) > 0)
        {
            For(100, () =>
            {
                if (worker.Runs || !worker.IsAlive || worker.IsEvicted)
                    return;
                around.Trace?.Invoke($"{worker} is thrown out");
                around.Group.Evict(worker);
            });
        }
        For(800, () =>
        {
            around.Trace?.Invoke($"{worker} goes on");
            worker.IsPaused = false;
            if (worker.IsAlive)
                worker.Tick();
            if (worker.IsEvicted)
                For(200, worker.Lose);
        });
    }

    private void Toggle(Surroundings around, string what, Action<bool> set)
    {
        around.Trace?.Invoke(what);
        set(true);
        For(300, () =>
        {
            around.Trace?.Invoke($"{what}: over");
            set(false);
        });
    }

    private void For(int stepsMax, Action end)
    {
        if (stopped)
            end();
        else
            ending.Add((random.Next(1, stepsMax), end));
    }
}
