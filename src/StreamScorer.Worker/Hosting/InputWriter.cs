using System.Threading.Channels;
using StreamScorer.Engine.Source;
using StreamScorer.Kafka;
using StreamScorer.Standalone.Log;

namespace StreamScorer.Worker.Hosting;

/// <summary>
/// Appends records to the input of either deployment, durably. Callers that wait together share one flush, so that many small requests do not pay for one
/// each. Safe for concurrent use; the order of one caller's records is kept.
/// </summary>
/// <param name="deployment">Where the input is.</param>
/// <param name="newWriter">Opens a writer to the input topic; not called in a standalone deployment.</param>
public sealed class InputWriter(Deployment deployment, Func<KafkaLogWriter> newWriter) : BackgroundService
{
    private readonly Channel<WaitingAppend> waiting = Channel.CreateUnbounded<WaitingAppend>(new UnboundedChannelOptions { SingleReader = true });
    private KafkaLogWriter? writer;

    /// <summary>Partitions of the input.</summary>
    public int PartitionCount => deployment.PartitionCount;

    /// <summary>Completes when all records are durable in the input.</summary>
    /// <exception cref="EventSourceException">The input refuses or cannot be reached; what was appended by then stays.</exception>
    public async Task AppendAsync(IReadOnlyList<InputRecord> records, CancellationToken cancellation)
    {
        if (deployment.Log is { } log)
        {
            await AppendAsync(log, records);
            return;
        }
        var append = new WaitingAppend(records, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        waiting.Writer.TryWrite(append);
        await append.Done.Task.WaitAsync(cancellation);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var group = new List<WaitingAppend>();
        while (await waiting.Reader.WaitToReadAsync(stoppingToken))
        {
            group.Clear();
            while (waiting.Reader.TryRead(out WaitingAppend? append))
                group.Add(append);
            await AppendAsync(group, stoppingToken);
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (writer is not null)
            await writer.DisposeAsync();
    }

    private static async Task AppendAsync(StandaloneLog log, IReadOnlyList<InputRecord> records)
    {
        foreach (IGrouping<int, InputRecord> partition in records.GroupBy(record => record.Partition))
        {
            foreach (InputRecord[] chunk in partition.Chunk(LogBlock.RecordsMax))
            {
                var block = new LogBlock();
                foreach (InputRecord record in chunk)
                    block.Add(record.TimestampMs, record.Key, record.Value);
                await log.AppendAsync(partition.Key, block);
            }
        }
    }

    private async Task AppendAsync(List<WaitingAppend> group, CancellationToken cancellation)
    {
        try
        {
            writer ??= await OpenAsync(cancellation);
            foreach (InputRecord record in group.SelectMany(append => append.Records))
                await writer.AppendAsync(record.Partition, record.Key, record.Value, [], cancellation);
            await writer.FlushAsync(cancellation);
            group.ForEach(append => append.Done.TrySetResult());
        }
        catch (Exception e)
        {
            group.ForEach(append => append.Done.TrySetException(e));
            // A writer remembers that something was refused; the next group starts with a new one.
            if (writer is not null)
                await writer.DisposeAsync();
            writer = null;
        }
    }

    private async Task<KafkaLogWriter> OpenAsync(CancellationToken cancellation)
    {
        KafkaLogWriter opened = newWriter();
        await opened.OpenAsync(cancellation);
        return opened;
    }

    private sealed record WaitingAppend(IReadOnlyList<InputRecord> Records, TaskCompletionSource Done);
}

/// <summary>A record for the input.</summary>
/// <param name="Partition">Where it goes.</param>
/// <param name="TimestampMs">When it came, unix milliseconds.</param>
/// <param name="Key">The customer id, UTF-8.</param>
/// <param name="Value">The event.</param>
public sealed record InputRecord(int Partition, long TimestampMs, byte[] Key, byte[] Value);
