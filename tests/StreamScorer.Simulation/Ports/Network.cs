using StreamScorer.Simulation.World;

namespace StreamScorer.Simulation.Ports;

/// <summary>
/// Requests to the servers on their way. The simulation executes each and delivers its reply at instants of its choice; a request may be given up by the worker
/// and executed later, or executed and its reply lost.
/// </summary>
internal sealed class Network(Scenario scenario)
{
    private readonly List<Request> underWay = [];

    /// <summary>What happens to requests that arrive at the store.</summary>
    public enum Reach
    {
        /// <summary>They are executed.</summary>
        Open,

        /// <summary>They are answered with a refusal, reads excepted.</summary>
        ReadOnly,

        /// <summary>They get no answer.</summary>
        Away,
    }

    /// <summary>Where a request goes.</summary>
    public enum Target
    {
        /// <summary>The store, reading.</summary>
        StoreRead,

        /// <summary>The store, writing.</summary>
        StoreWrite,

        /// <summary>The broker, whose client asks until it is answered.</summary>
        Broker,
    }

    /// <summary>State of the store, for all workers.</summary>
    public Reach Store { get; set; }

    /// <summary>Whether replies get lost and requests are executed late.</summary>
    public bool Lossy { get; set; }

    /// <summary>Requests on their way.</summary>
    public int Count => underWay.Count;

    /// <summary>Sends a request of a worker.</summary>
    /// <param name="sender">The worker.</param>
    /// <param name="target">Where it goes.</param>
    /// <param name="execute">What the server does; runs at once, at an instant of the simulation's choice, or never.</param>
    /// <param name="failed">What the worker learns when it gives up.</param>
    public Task<T> Send<T>(Worker sender, Target target, Func<T> execute, Func<T> failed, CancellationToken cancellation)
    {
        var reply = new TaskCompletionSource<T>();
        if (!sender.IsAlive)
            return reply.Task;
        if (cancellation.CanBeCanceled)
            cancellation.Register(() => reply.TrySetCanceled(cancellation));
        underWay.Add(new Request<T>(sender, target, execute, failed, reply));
        return reply.Task;
    }

    /// <summary>Moves one request on.</summary>
    public void Step()
    {
        int chosen = scenario.Random.Next(underWay.Count);
        if (!Move(underWay[chosen]))
            return;
        underWay[chosen] = underWay[^1];
        underWay.RemoveAt(underWay.Count - 1);
    }

    /// <summary>All workers lose their connections to the store: what has not been executed may never be, and every reply is lost.</summary>
    public void Reset()
    {
        foreach (Request request in underWay.Where(r => r.Target != Target.Broker))
        {
            if (!request.IsExecuted && scenario.Random.Next(2) == 0)
                request.Execute();
            request.GiveUp();
        }
        underWay.RemoveAll(r => r.Target != Target.Broker);
    }

    // True when the request has ended.
    private bool Move(Request request)
    {
        if (!request.Sender.IsAlive)
        {
            if (!request.IsExecuted && Store == Reach.Open && scenario.Random.Next(2) == 0)
                request.Execute();
            return true;
        }
        bool isStore = request.Target != Target.Broker;
        if (isStore && Lossy && scenario.Random.Next(20) == 0)
        {
            request.GiveUp();
            return request.IsExecuted || scenario.Random.Next(2) == 0;
        }
        if (request.IsExecuted)
        {
            request.Reply();
            return true;
        }
        if (isStore && (Store == Reach.Away || (Store == Reach.ReadOnly && request.Target == Target.StoreWrite)))
        {
            request.GiveUp();
            return true;
        }
        request.Execute();
        return request.IsGivenUp;
    }

    private abstract class Request(Worker sender, Target target)
    {
        public Worker Sender => sender;

        public Target Target => target;

        public bool IsExecuted { get; protected set; }

        public abstract bool IsGivenUp { get; }

        public abstract void Execute();

        public abstract void Reply();

        public abstract void GiveUp();
    }

    private sealed class Request<T>(Worker sender, Target target, Func<T> execute, Func<T> failed, TaskCompletionSource<T> reply) : Request(sender, target)
    {
        private T? result;

        public override bool IsGivenUp => reply.Task.IsCompleted;

        public override void Execute()
        {
            result = execute();
            IsExecuted = true;
        }

        public override void Reply() => reply.TrySetResult(result!);

        public override void GiveUp()
        {
            try
            {
                reply.TrySetResult(failed());
            }
            catch (Exception e)
            {
                reply.TrySetException(e);
            }
        }
    }
}
