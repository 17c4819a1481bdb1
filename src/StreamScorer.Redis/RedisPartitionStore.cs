using System.Security.Cryptography;
using StreamScorer.Engine.Commit;

namespace StreamScorer.Redis;

/// <summary>The writing side of one partition. Any failure drops its connection; the next claim or load opens another.</summary>
internal sealed class RedisPartitionStore(RedisServers servers, PartitionKeys keys) : IPartitionStore
{
    private PartitionConnection? open;

    public async ValueTask<ClaimResult> ClaimAsync(long nowUnixMs, CancellationToken cancellation)
    {
        PartitionMeta created = PartitionMeta.Empty with { Incarnation = NewIncarnation() };
        try
        {
            PartitionMeta meta = await OnConnectionAsync(connection => connection.ClaimAsync(nowUnixMs, created, cancellation), cancellation);
            return new ClaimResult(true, meta, null);
        }
        catch (RespRefusal refusal) when (refusal.Words.StartsWith(RedisScripts.StateError, StringComparison.Ordinal))
        {
            throw new StateStoreException(refusal.Words[RedisScripts.StateError.Length..], refusal);
        }
        catch (Exception exception) when (RedisServers.IsFailure(exception))
        {
            return new ClaimResult(false, default, exception.Message);
        }
    }

    public async ValueTask<bool> LoadAsync(ILoadTarget target, CancellationToken cancellation)
    {
        try
        {
            if (await OnConnectionAsync(connection => connection.LoadAsync(target, cancellation), cancellation))
                return true;
            await DropConnectionAsync();
        }
        catch (Exception exception) when (RedisServers.IsFailure(exception))
        {
            // Unreachable or refused: the caller claims again.
        }
        return false;
    }

    public async ValueTask<CommitOutcome> CommitAsync(PartitionCommit commit, CancellationToken cancellation)
    {
        // Connecting here would await before the commit is copied; after a failure the caller claims first anyway.
        if (open is null)
            return CommitOutcome.Unknown;
        try
        {
            return await OnConnectionAsync(connection => connection.CommitAsync(commit, cancellation), cancellation);
        }
        catch (Exception exception) when (RedisServers.IsFailure(exception))
        {
            return CommitOutcome.Unknown;
        }
    }

    public ValueTask DisposeAsync() => DropConnectionAsync();

    private async Task<T> OnConnectionAsync<T>(Func<PartitionConnection, Task<T>> work, CancellationToken cancellation)
    {
        open ??= await PartitionConnection.OpenAsync(servers, keys, cancellation);
        try
        {
            return await work(open);
        }
        catch
        {
            // A reply may still come, and would be taken for the next one's.
            await DropConnectionAsync();
            throw;
        }
    }

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
