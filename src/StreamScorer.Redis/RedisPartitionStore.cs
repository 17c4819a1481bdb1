using System.Security.Cryptography;
using StackExchange.Redis;
using StreamScorer.Engine.Commit;

namespace StreamScorer.Redis;

/// <summary>The writing side of one partition. Any failure drops its connection; the next claim or load opens another.</summary>
internal sealed class RedisPartitionStore(RedisOptions options, PartitionKeys keys) : IPartitionStore
{
    private PartitionConnection? open;

    public async ValueTask<ClaimResult> ClaimAsync(long nowUnixMs, CancellationToken cancellation)
    {
        PartitionMeta created = PartitionMeta.Empty with { Incarnation = NewIncarnation() };
        try
        {
            PartitionConnection connection = await ConnectedAsync(cancellation);
            string[] meta = await connection.Commits.ClaimAsync(nowUnixMs, created, cancellation);
            IEnumerable<KeyValuePair<string, string?>> fields = meta.Chunk(2).Select(pair => KeyValuePair.Create(pair[0], (string?)pair[1]));
            return new ClaimResult(true, MetaHash.Read(fields, keys.Meta), null);
        }
        catch (IOException exception) when (exception.Message.StartsWith(RespReader.Refused + RedisScripts.StateError, StringComparison.Ordinal))
        {
            throw new StateStoreException(exception.Message[(RespReader.Refused + RedisScripts.StateError).Length..], exception);
        }
        catch (Exception exception) when (RedisConnection.IsStoreFailure(exception))
        {
            await DropConnectionAsync();
            return new ClaimResult(false, default, exception.Message);
        }
        catch (OperationCanceledException)
        {
            // Its reply may still come, and would be taken for the next one's.
            await DropConnectionAsync();
            throw;
        }
    }

    public async ValueTask<bool> LoadAsync(ILoadTarget target, CancellationToken cancellation)
    {
        try
        {
            PartitionConnection connection = await ConnectedAsync(cancellation);
            if (await new PartitionLoader(connection, keys, options, cancellation).LoadAsync(target))
                return true;
        }
        catch (Exception exception) when (RedisConnection.IsStoreFailure(exception))
        {
            // Unreachable or refused: the caller claims again.
        }
        await DropConnectionAsync();
        return false;
    }

    public async ValueTask<CommitOutcome> CommitAsync(PartitionCommit commit, CancellationToken cancellation)
    {
        // Connecting here would await before the commit is copied; after a failure the caller claims first anyway.
        if (open is not { } connection)
            return CommitOutcome.Unknown;
        try
        {
            return await connection.Commits.CommitAsync(commit, cancellation);
        }
        catch (Exception exception) when (RedisConnection.IsStoreFailure(exception))
        {
            await DropConnectionAsync();
            return CommitOutcome.Unknown;
        }
        catch (OperationCanceledException)
        {
            // Its reply may still come, and would be taken for the next one's.
            await DropConnectionAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => DropConnectionAsync();

    private async ValueTask<PartitionConnection> ConnectedAsync(CancellationToken cancellation) =>
        open ??= await PartitionConnection.OpenAsync(options, keys, cancellation);

    private async ValueTask DropConnectionAsync()
    {
        if (open is not { } dropped)
            return;
        open = null;
        await dropped.DisposeAsync();
    }

    private static long NewIncarnation()
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        RandomNumberGenerator.Fill(bytes);
        return (BitConverter.ToInt64(bytes) & long.MaxValue) | 1;
    }
}
