using System.Globalization;
using System.Security.Cryptography;
using StackExchange.Redis;
using StreamScorer.Engine.Commit;

namespace StreamScorer.Redis;

/// <summary>The writing side of one partition, on its own connection.</summary>
internal sealed class RedisPartitionStore : IPartitionStore
{
    private readonly ConnectionMultiplexer connection;
    private readonly PartitionKeys keys;
    private readonly TimeSpan replyTimeout;
    private int connectionsFailed;

    public RedisPartitionStore(ConnectionMultiplexer connection, PartitionKeys keys, TimeSpan replyTimeout)
    {
        this.connection = connection;
        this.keys = keys;
        this.replyTimeout = replyTimeout;
        connection.ConnectionFailed += (_, _) => Interlocked.Increment(ref connectionsFailed);
    }

    private IDatabase Database => connection.GetDatabase();

    public async ValueTask<ClaimResult> ClaimAsync(long nowUnixMs, CancellationToken cancellation)
    {
        PartitionMeta created = PartitionMeta.Empty with { Incarnation = NewIncarnation() };
        RedisValue[] arguments = [nowUnixMs, .. MetaHash.Write(created).SelectMany(field => new[] { field.Name, field.Value })];
        try
        {
            RedisResult reply = await Database.ScriptEvaluateAsync(RedisScripts.Claim, keys.All, arguments, CommandFlags.NoScriptCache)
                .WaitAsync(replyTimeout, cancellation);
            var fields = (string[])reply!;
            return new ClaimResult(true, MetaHash.Read(fields.Chunk(2).Select(pair => KeyValuePair.Create(pair[0], (string?)pair[1])), keys.Meta), null);
        }
        catch (Exception exception) when (RedisConnection.IsStoreFailure(exception) || exception is StateStoreException)
        {
            return new ClaimResult(false, default, exception.Message);
        }
    }

    public async ValueTask<bool> LoadAsync(ILoadTarget target, CancellationToken cancellation)
    {
        int failedBefore = Volatile.Read(ref connectionsFailed);
        try
        {
            var loader = new PartitionLoader(Database, keys, replyTimeout, cancellation);
            bool complete = await loader.LoadAsync(target);
            // A scan's cursor means nothing to a server that has restarted or been promoted meanwhile: it would skip customers without an error.
            return complete && failedBefore == Volatile.Read(ref connectionsFailed);
        }
        catch (Exception exception) when (RedisConnection.IsStoreFailure(exception))
        {
            return false;
        }
    }

    public async ValueTask<CommitOutcome> CommitAsync(PartitionCommit commit, CancellationToken cancellation)
    {
        Fence expected = commit.Expected;
        try
        {
            ITransaction transaction = CommitTransaction.Build(Database, keys, commit);
            bool applied = await transaction.ExecuteAsync().WaitAsync(replyTimeout, cancellation);
            return applied ? CommitOutcome.Applied : await WhyRefusedAsync(expected, cancellation);
        }
        catch (Exception exception) when (RedisConnection.IsStoreFailure(exception) || IsAborted(exception, cancellation))
        {
            return CommitOutcome.Unknown;
        }
    }

    public async ValueTask DisposeAsync() => await connection.CloseAsync();

    private async Task<CommitOutcome> WhyRefusedAsync(Fence expected, CancellationToken cancellation)
    {
        RedisValue stored = await Database.HashGetAsync(keys.Meta, MetaHash.Fence).WaitAsync(replyTimeout, cancellation);
        CommitOutcome outcome = Fence.Judge(Fence.TryParse(stored, out Fence fence) ? fence : null, expected);
        // The fence allows it now, so something else refused it (out of memory, say) or the store has just moved.
        return outcome == CommitOutcome.Applied ? CommitOutcome.Unknown : outcome;
    }

    /// <summary>The client cancels a transaction's task when the connection drops inside it; that is not the caller's cancellation.</summary>
    private static bool IsAborted(Exception exception, CancellationToken cancellation) =>
        exception is OperationCanceledException && !cancellation.IsCancellationRequested;

    private static long NewIncarnation()
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        RandomNumberGenerator.Fill(bytes);
        return BitConverter.ToInt64(bytes) & long.MaxValue | 1;
    }
}
