using StreamScorer.Engine;
using StreamScorer.Engine.Commit;
using StreamScorer.Simulation.Canaries;
using StreamScorer.Simulation.Input;
using StreamScorer.Simulation.Oracle;
using StreamScorer.Simulation.Ports;

namespace StreamScorer.Simulation.World;

/// <summary>
/// One run: workers, servers and faults on one thread in virtual time. First input and faults together, then the faults stop and everything must come to rest;
/// then the oracle looks at what is left.
/// </summary>
public sealed class SimulatedRun
{
    private const int QuietStepsMax = 200_000, RestCheckEvery = 32;
    private const long HourMs = 3_600_000;
    private static readonly long startMs = DateTimeOffset.Parse("2015-01-01T00:00:00Z", null).ToUnixTimeMilliseconds();
    private static readonly long nowMs = DateTimeOffset.Parse("2045-06-01T00:00:00Z", null).ToUnixTimeMilliseconds();

    private readonly Scenario scenario;
    private readonly Random random;
    private readonly Findings findings = new();
    private readonly Lineage lineage;
    private readonly InputGenerator input;
    private readonly Surroundings around;
    private readonly FaultInjector faults;
    private readonly List<Worker> workers = [];
    private int appended;
    private int started;

    private SimulatedRun(Scenario scenario, Canary canary, Action<string>? trace)
    {
        (this.scenario, random) = (scenario, scenario.Random);
        lineage = new Lineage(findings);
        input = new InputGenerator(scenario, startMs);
        faults = new FaultInjector(scenario, workers);
        around = new Surroundings
        {
            Scenario = scenario,
            Canary = canary,
            Broker = new Broker(scenario.Partitions),
            Network = new Network(scenario),
            Server = new StoreServer(scenario, canary, lineage, trace),
            Group = new Group(scenario.Partitions),
            Trace = trace,
            Reached = faults.Reached,
            NowMs = nowMs,
        };
    }

    /// <summary>Runs a scenario.</summary>
    /// <param name="scenario">What happens.</param>
    /// <param name="canary">A bug to put in.</param>
    /// <param name="trace">Receives one line for everything of note.</param>
    public static RunResult Run(Scenario scenario, Canary canary = Canary.None, Action<string>? trace = null)
    {
        // A test runner's context would take continuations away.
        SynchronizationContext? outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        var run = new SimulatedRun(scenario, canary, trace);
        trace?.Invoke(scenario.ToString());
        try
        {
            run.RunThrough();
        }
        catch (Exception e)
        {
            run.findings.Require(false, "exception", e.ToString());
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }
        return new RunResult(scenario, run.findings.All, run.faults.KilledAt);
    }

    private void RunThrough()
    {
        for (int i = 0; i < scenario.Workers; i++)
            StartWorker();
        int steps = 0, stepsMax = scenario.Events * 30;
        while ((appended < scenario.Events || steps < stepsMax) && !faults.IsFlushed && findings.All.Count == 0)
        {
            steps++;
            faults.Step(around);
            Step(mayAppend: true);
        }
        if (faults.IsFlushed)
        {
            ExpectRefusal();
            return;
        }
        around.Trace?.Invoke("the faults stop");
        faults.Stop(around);
        if (scenario.Options.Clock == ClockMode.Event)
        {
            for (int partition = 0; partition < scenario.Partitions; partition++)
                around.Broker.Append(partition, input.Clock(partition), around.NowMs);
        }
        ComeToRest();
        findings.Require(!workers.Exists(w => w.Scheduler.Escaped), "determinism", "a continuation left the simulation's thread");
        if (findings.All.Count == 0)
            new Verdict(scenario, around, lineage, input.Customers, findings).Check();
    }

    private void ComeToRest()
    {
        for (int steps = 0; steps < QuietStepsMax && findings.All.Count == 0; steps++)
        {
            Step(mayAppend: false);
            if (steps % RestCheckEvery == 0 && AtRest())
                return;
        }
        string[] missing = [.. Enumerable.Range(0, scenario.Partitions).Where(p => !AtRest(p)).Select(
            p => $"partition {p} is at {around.Server.Meta(p)?.Offset} of {around.Broker.Input(p).Count}, published {around.Server.Meta(p)?.PublishedSeq} of {around.Server.Meta(p)?.OutboxSeq}")];
        findings.Require(missing.Length == 0, "O6 progress", string.Join("; ", missing.Concat(workers.Select(w => w.Describe())).Append(around.Group.ToString())));
    }

    // F6: nothing may go on upon an empty store as if it were a new one.
    private void ExpectRefusal()
    {
        around.Trace?.Invoke("the store is empty");
        faults.Stop(around);
        for (int steps = 0; steps < 20_000 && !faults.Refused; steps++)
            Step(mayAppend: false);
        findings.Require(faults.Refused, "F6 flushed store", string.Join("; ", workers.Select(w => w.Describe()).Prepend("no worker said so").Append(around.Group.ToString())));
    }

    private void Step(bool mayAppend)
    {
        around.Group.Step();
        Revive();
        int dice = random.Next(100);
        if (dice < 55)
            RunContinuation();
        else if (dice < 78 && around.Network.Count > 0)
            around.Network.Step();
        else if (dice < 88)
            Publish();
        else if (dice < 93)
            Fetch();
        else if (dice < 97 && mayAppend && appended < scenario.Events)
            Append();
        else
            Tick();
    }

    private void RunContinuation()
    {
        if (Pick(w => w.Runs && w.Scheduler.Ready > 0) is { } worker)
            worker.Scheduler.RunOne();
        else if (around.Network.Count > 0)
            around.Network.Step();
    }

    private void Publish()
    {
        if (Pick(w => w.Runs && w.Sink.HasWork) is { } worker)
            worker.Sink.Step(random);
    }

    private void Fetch()
    {
        if (Pick(w => w.Runs && !w.IsInOwnerCall && w.Source.Deliveries.Count > 0) is { } worker)
            worker.Source.Deliveries[random.Next(worker.Source.Deliveries.Count)].Fetch(around.Broker, random.Next(1, 40));
    }

    private void Append()
    {
        for (int count = random.Next(1, 8); count > 0; count--)
        {
            (int partition, InputRecord record) = input.Next(around.NowMs);
            around.Broker.Append(partition, record, around.NowMs);
            appended++;
        }
    }

    private void Tick()
    {
        bool isLongSilence = scenario.Has(Fault.Silence) && scenario.Options.Clock == ClockMode.Wall && appended < scenario.Events && random.Next(10) == 0;
        around.NowMs += isLongSilence ? random.NextInt64(72 * HourMs) : random.Next(50, 1200);
        foreach (Worker worker in workers.Where(w => w.Runs))
            worker.Tick();
    }

    // Whatever ends is started again, as an orchestrator does.
    private void Revive()
    {
        for (int i = workers.Count - 1; i >= 0; i--)
        {
            Worker worker = workers[i];
            if (worker.IsAlive && !worker.Running.IsCompleted)
                continue;
            if (worker.IsAlive)
                Ended(worker);
            workers.RemoveAt(i);
            if (random.Next(50) == 0)
                StartWorker();
            else
                workers.Insert(i, worker);
        }
    }

    private void Ended(Worker worker)
    {
        if (!worker.Running.IsFaulted)
            return;
        Exception cause = worker.Running.Exception!.InnerException!;
        if (faults.IsFlushed && cause is StateStoreException)
            faults.Refused = true;
        else
            findings.Require(false, "worker", $"{worker} ended: {cause.GetType().Name}: {cause.Message}");
    }

    private void StartWorker()
    {
        var worker = new Worker(++started, around);
        around.Trace?.Invoke($"{worker} starts");
        workers.Add(worker);
    }

    private bool AtRest() => around.Group.IsStable && Enumerable.Range(0, scenario.Partitions).All(AtRest);

    private bool AtRest(int partition) =>
        around.Server.Meta(partition) is { } meta && meta.Offset == around.Broker.Input(partition).Count && meta.PublishedSeq == meta.OutboxSeq
        && (scenario.Options.Clock == ClockMode.Event || Verdict.NextDeadline(around.Server.Customers(partition)) > around.NowMs - 10_000);

    private Worker? Pick(Predicate<Worker> may)
    {
        int from = random.Next(workers.Count);
        for (int i = 0; i < workers.Count; i++)
        {
            Worker worker = workers[(from + i) % workers.Count];
            if (may(worker))
                return worker;
        }
        return null;
    }
}

/// <summary>What came of a run.</summary>
/// <param name="Findings">Empty when everything held.</param>
/// <param name="KilledAt">Steps at which workers were killed.</param>
public sealed record RunResult(Scenario Scenario, IReadOnlyList<(string Oracle, string What)> Findings, IReadOnlyList<EngineStep> KilledAt);
