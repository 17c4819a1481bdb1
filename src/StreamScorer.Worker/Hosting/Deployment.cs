using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Publish;
using StreamScorer.Engine.Source;
using StreamScorer.Kafka;
using StreamScorer.Redis;
using StreamScorer.Standalone.Database;
using StreamScorer.Standalone.Log;
using StreamScorer.Standalone.State;
using StreamScorer.Worker.Configuration;

namespace StreamScorer.Worker.Hosting;

/// <summary>The three ports of one deployment, opened and checked. Disposing closes them all.</summary>
public sealed class Deployment : IAsyncDisposable
{
    /// <summary>Name of the standalone file in the data directory.</summary>
    public const string FileName = "streamscorer.db";

    private readonly IAsyncDisposable? database;

    private Deployment(IEventSource source, IStateStore store, ITransitionSink sink, int partitionCount, StandaloneLog? log, IAsyncDisposable? database)
    {
        (Source, Store, Sink, PartitionCount, Log) = (source, store, sink, partitionCount, log);
        this.database = database;
    }

    /// <summary>Where transactions come from.</summary>
    public IEventSource Source { get; }

    /// <summary>Where state lives.</summary>
    public IStateStore Store { get; }

    /// <summary>Where transitions go.</summary>
    public ITransitionSink Sink { get; }

    /// <summary>Partitions of input and output.</summary>
    public int PartitionCount { get; }

    /// <summary>The standalone log, to append to; null in a distributed deployment.</summary>
    public StandaloneLog? Log { get; }

    /// <summary>Opens what <paramref name="options"/> names.</summary>
    /// <exception cref="EventSourceException">The broker or its topic cannot be used.</exception>
    /// <exception cref="StateStoreException">The store cannot be used.</exception>
    public static async Task<Deployment> OpenAsync(StreamScorerOptions options, ILoggerFactory loggers, CancellationToken cancellation) =>
        options.Source == SourceKind.Kafka ? await OpenDistributedAsync(options, loggers, cancellation) : OpenStandalone(options, FileUse.Lasting);

    /// <summary>A standalone file in the data directory that is deleted after the run.</summary>
    /// <exception cref="StateStoreException">It cannot be used.</exception>
    public static Deployment OpenForOneRun(StreamScorerOptions options) => OpenStandalone(options, FileUse.OneRun);

    /// <summary>A standalone file beside a running worker, for reading only.</summary>
    /// <exception cref="StateStoreException">There is none, or it cannot be used.</exception>
    public static Deployment OpenStandaloneReadOnly(StreamScorerOptions options) =>
        Standalone(StandaloneDatabase.OpenReadOnly(Path.Combine(options.DataDirectory, FileName)), options);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await Sink.DisposeAsync();
        await Store.DisposeAsync();
        if (database is not null)
            await database.DisposeAsync();
    }

    private static Deployment OpenStandalone(StreamScorerOptions options, FileUse use)
    {
        Directory.CreateDirectory(options.DataDirectory);
        return Standalone(StandaloneDatabase.Open(Path.Combine(options.DataDirectory, FileName), options.Standalone.Partitions, use: use), options);
    }

    private static Deployment Standalone(StandaloneDatabase database, StreamScorerOptions options)
    {
        var log = new StandaloneLog(database);
        return new Deployment(
            new StandaloneEventSource(log, options.Engine.BatchSizeMax),
            new StandaloneStore(database),
            new StandaloneTransitionSink(log),
            database.PartitionCount,
            log,
            database);
    }

    private static async Task<Deployment> OpenDistributedAsync(StreamScorerOptions options, ILoggerFactory loggers, CancellationToken cancellation)
    {
        KafkaOptions kafka = ClientOptions.Kafka(options);
        var source = new KafkaEventSource(kafka, loggers.CreateLogger<KafkaEventSource>());
        var sink = new KafkaTransitionSink(kafka, loggers.CreateLogger<KafkaTransitionSink>());
        try
        {
            int partitionCount = await source.OpenAsync(cancellation);
            RedisStateStore store = await RedisStateStore.OpenAsync(ClientOptions.Redis(options), source.Topic, cancellation);
            return new Deployment(source, store, sink, partitionCount, log: null, database: null);
        }
        catch
        {
            await source.DisposeAsync();
            await sink.DisposeAsync();
            throw;
        }
    }
}
