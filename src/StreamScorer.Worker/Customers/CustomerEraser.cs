using System.Text;
using System.Text.Json;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Decode;
using StreamScorer.Engine.Source;
using StreamScorer.Kafka;
using StreamScorer.Scoring.State;
using StreamScorer.Standalone.Log;
using StreamScorer.Worker.Hosting;

namespace StreamScorer.Worker.Customers;

/// <summary>
/// Asks for the erasure of customers by an <c>erase</c> event in the input, so that the partition's owner does it, in order with the customer's other events
/// and with the same guarantees. Safe for concurrent use.
/// </summary>
/// <param name="deployment">Where the input is.</param>
/// <param name="newWriter">Opens a writer to the input topic; not called in a standalone deployment.</param>
/// <param name="time">Dates the erasure: events up to this instant are ignored from then on.</param>
public sealed class CustomerEraser(Deployment deployment, Func<KafkaLogWriter> newWriter, TimeProvider time) : IAsyncDisposable
{
    private readonly SemaphoreSlim gate = new(1);
    private KafkaLogWriter? writer;

    /// <summary>Completes when the request is durable in the input. The customer is gone when the partition's owner has come to it.</summary>
    /// <returns>The instant up to which the customer's events are ignored from then on.</returns>
    /// <exception cref="ArgumentException">The id is not one that an event can have.</exception>
    /// <exception cref="EventSourceException">The input cannot be reached.</exception>
    public async Task<DateTimeOffset> EraseAsync(string customerId, CancellationToken cancellation)
    {
        byte[] key = Encoding.UTF8.GetBytes(customerId);
        if (key.Length is 0 or > EventDecoder.IdBytesMax || customerId.Any(char.IsControl))
            throw new ArgumentException($"ID = \"{customerId}\": allowed are 1 to {EventDecoder.IdBytesMax} UTF-8 bytes without control characters");
        DateTimeOffset at = time.GetUtcNow();
        byte[] value = JsonSerializer.SerializeToUtf8Bytes(
            new EraseRequest("erase", customerId, at.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture)),
            WorkerJson.Default.EraseRequest);
        int partition = await PartitionOfAsync(key, cancellation);
        if (deployment.Log is { } log)
        {
            var block = new LogBlock();
            block.Add(at.ToUnixTimeMilliseconds(), key, value);
            await log.AppendAsync(partition, block);
            return at;
        }
        await gate.WaitAsync(cancellation);
        try
        {
            writer ??= await OpenAsync(cancellation);
            await writer.AppendAsync(partition, key, value, [], cancellation);
            await writer.FlushAsync(cancellation);
        }
        catch (EventSourceException)
        {
            // A writer remembers that something was refused; the next request starts with a new one.
            if (writer is not null)
                await writer.DisposeAsync();
            writer = null;
            throw;
        }
        finally
        {
            gate.Release();
        }
        return at;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (writer is not null)
            await writer.DisposeAsync();
        gate.Dispose();
    }

    private async Task<KafkaLogWriter> OpenAsync(CancellationToken cancellation)
    {
        KafkaLogWriter opened = newWriter();
        await opened.OpenAsync(cancellation);
        return opened;
    }

    // Where the customer is, else where the customer's events will be: an erasure elsewhere would find nobody.
    private async Task<int> PartitionOfAsync(byte[] key, CancellationToken cancellation)
    {
        bool[] holds = await Task.WhenAll(Enumerable.Range(0, deployment.PartitionCount)
            .Select(async partition => await deployment.Store.ReadCustomerAsync(partition, key, cancellation) is not null));
        int holder = Array.IndexOf(holds, true);
        if (holder >= 0)
            return holder;
        AppRecord app = await deployment.Store.ReadOrCreateAppAsync(deployment.Source.Topic, deployment.PartitionCount, RecordLayout.Own, cancellation);
        return new KeyPlacement(deployment.PartitionCount).PartitionOf(key, app.Partitioner);
    }
}

/// <summary>An <c>erase</c> event as written to the input.</summary>
internal sealed record EraseRequest(string Type, string CustomerId, string Time);
