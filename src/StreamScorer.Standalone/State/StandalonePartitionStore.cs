using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using StreamScorer.Engine.Commit;
using StreamScorer.Standalone.Database;

namespace StreamScorer.Standalone.State;

/// <summary>The writing side of one partition.</summary>
internal sealed class StandalonePartitionStore(StandaloneDatabase database, int partition) : IPartitionStore
{
    private readonly PartitionCommit queued = new();

    public async ValueTask<ClaimResult> ClaimAsync(long nowUnixMs, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        long incarnation = NewIncarnation();
        try
        {
            PartitionMeta meta = await database.Writes.RunAsync(writer => writer.State.Claim(partition, nowUnixMs, incarnation), durable: false);
            return new ClaimResult(true, meta, null);
        }
        catch (Exception exception) when (IsStoreFailure(exception))
        {
            return new ClaimResult(false, default, exception.Message);
        }
    }

    public ValueTask<bool> LoadAsync(ILoadTarget target, CancellationToken cancellation)
    {
        try
        {
            using SqliteConnection connection = database.OpenReader();
            PartitionLoader.Load(connection, partition, target, cancellation);
            return ValueTask.FromResult(true);
        }
        catch (SqliteException)
        {
            return ValueTask.FromResult(false);
        }
    }

    public async ValueTask<CommitOutcome> CommitAsync(PartitionCommit commit, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        commit.CopyTo(queued);
        try
        {
            // Not abandoned on cancellation: the copy must not be refilled while the writer still reads it.
            return await database.Writes.RunAsync(writer => writer.State.Commit(partition, queued), durable: false);
        }
        catch (Exception exception) when (IsStoreFailure(exception))
        {
            return CommitOutcome.Unknown;
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static bool IsStoreFailure(Exception exception) => exception is SqliteException or ObjectDisposedException;

    private static long NewIncarnation()
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        RandomNumberGenerator.Fill(bytes);
        return (BitConverter.ToInt64(bytes) & long.MaxValue) | 1;
    }
}
