using System.Threading.Channels;

namespace StreamScorer.Standalone.Database;

/// <summary>
/// Everything that writes, one after the other on one connection. What waits together is written in one transaction and, where somebody needs it
/// on disk, with one flush: so the cost of a flush is shared by all who wait for it.
/// </summary>
internal sealed class WriteQueue : IAsyncDisposable
{
    private const int GroupMax = 64;
    private readonly Channel<WriteJob> waiting = Channel.CreateUnbounded<WriteJob>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Writer writer;
    private readonly Task loop;

    public WriteQueue(Writer writer)
    {
        this.writer = writer;
        loop = Task.Run(RunAsync);
    }

    /// <summary>Runs <paramref name="work"/> in a transaction; its writes are committed when the task completes.</summary>
    /// <param name="durable">Also flushed to disk. Else a power failure may undo it, but never without undoing everything written after it.</param>
    public Task<T> RunAsync<T>(Func<Writer, T> work, bool durable)
    {
        var job = new WriteJob<T>(work, durable);
        ObjectDisposedException.ThrowIf(!waiting.Writer.TryWrite(job), this);
        return job.Completion;
    }

    /// <summary>Finishes what waits.</summary>
    public async ValueTask DisposeAsync()
    {
        waiting.Writer.TryComplete();
        await loop;
        writer.Dispose();
    }

    private async Task RunAsync()
    {
        var group = new List<WriteJob>(GroupMax);
        while (await waiting.Reader.WaitToReadAsync())
        {
            group.Clear();
            while (group.Count < GroupMax && waiting.Reader.TryRead(out WriteJob? job))
                group.Add(job);
            Write(group);
        }
    }

    private void Write(List<WriteJob> group)
    {
        try
        {
            writer.Begin(durable: group.Exists(job => job.Durable));
            foreach (WriteJob job in group)
                job.Execute(writer);
            writer.Commit();
        }
        catch (Exception exception)
        {
            writer.RollBack();
            if (group.Count == 1)
                group[0].Fail(exception);
            else
                group.ForEach(job => Write([job])); // One bad job must not fail its neighbours.
            return;
        }
        group.ForEach(job => job.Complete());
    }
}

/// <summary>One piece of writing that waits for its turn.</summary>
internal abstract class WriteJob(bool durable)
{
    public bool Durable { get; } = durable;

    public abstract void Execute(Writer writer);

    public abstract void Complete();

    public abstract void Fail(Exception exception);
}

/// <inheritdoc/>
internal sealed class WriteJob<T>(Func<Writer, T> work, bool durable) : WriteJob(durable)
{
    private readonly TaskCompletionSource<T> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? result;

    public Task<T> Completion => completion.Task;

    public override void Execute(Writer writer) => result = work(writer);

    public override void Complete() => completion.SetResult(result!);

    public override void Fail(Exception exception) => completion.SetException(exception);
}
