using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using StreamScorer.Engine.Commit;
using StreamScorer.Standalone.Database;

namespace StreamScorer.Standalone.State;

/// <summary>State in the standalone file. Reads see what is committed, on connections of their own.</summary>
public sealed class StandaloneStore(StandaloneDatabase database) : IStateStore
{
    /// <inheritdoc/>
    public ValueTask<IPartitionStore> OpenPartitionAsync(int partition, CancellationToken cancellation) =>
        ValueTask.FromResult<IPartitionStore>(new StandalonePartitionStore(database, partition));

    /// <inheritdoc/>
    public ValueTask<PartitionMeta?> ReadMetaAsync(int partition, CancellationToken cancellation) => ValueTask.FromResult(ReadFailure.OfState(() =>
    {
        using SqliteConnection connection = database.OpenReader();
        using var select = new SqliteStatement(connection, MetaTable.SelectSql);
        return MetaTable.Find(select, partition);
    }));

    /// <inheritdoc/>
    public ValueTask<StoredCustomer?> ReadCustomerAsync(int partition, ReadOnlyMemory<byte> customerId, CancellationToken cancellation) =>
        ValueTask.FromResult(ReadFailure.OfState(() =>
        {
            using SqliteConnection connection = database.OpenReader();
            using var select = new SqliteStatement(connection, $"{CustomersSql} AND s.customer_id = ?");
            bool found = select.Bind(1, partition).Bind(2, customerId.Span).Step();
            return found ? Customer(select) : null;
        }));

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredCustomer> ReadCustomersAsync(int partition, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using SqliteConnection connection = database.OpenReader();
        using var select = new SqliteStatement(connection, CustomersSql);
        select.Bind(1, partition);
        while (select.Step())
        {
            cancellation.ThrowIfCancellationRequested();
            yield return Customer(select);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<byte[]?>> ReadPopulationsAsync(int partitionCount, CancellationToken cancellation) =>
        ValueTask.FromResult<IReadOnlyList<byte[]?>>(ReadFailure.OfState(() =>
        {
            using SqliteConnection connection = database.OpenReader();
            using var select = new SqliteStatement(connection, "SELECT partition, sketch FROM population WHERE partition < ?");
            select.Bind(1, partitionCount);
            byte[]?[] sketches = new byte[partitionCount][];
            while (select.Step())
                sketches[select.Int64(0)] = select.Blob(1).ToArray();
            return sketches;
        }));

    /// <inheritdoc/>
    public async ValueTask<AppRecord> ReadOrCreateAppAsync(string topic, int partitionCount, int layout, CancellationToken cancellation) =>
        await WriteAsync(writer => writer.App.ReadOrCreate(topic, partitionCount, layout));

    /// <inheritdoc/>
    public async ValueTask<bool> ReplaceAppAsync(AppRecord next, CancellationToken cancellation) => await WriteAsync(writer => writer.App.Replace(next));

    /// <inheritdoc/>
    public async ValueTask<string?> ReadOrCreatePolicyAsync(long version, string? jsonIfNone, CancellationToken cancellation) =>
        await WriteAsync(writer => writer.App.ReadOrCreatePolicy(version, jsonIfNone));

    /// <summary>Nothing: whoever opened the database closes it.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async ValueTask<T> WriteAsync<T>(Func<Writer, T> work)
    {
        try
        {
            return await database.Writes.RunAsync(work, durable: false);
        }
        catch (SqliteException exception)
        {
            throw new StateStoreException($"the standalone file cannot be written now: {exception.Message}", exception) { IsTransient = true };
        }
    }

    private const string CustomersSql = """
        SELECT s.customer_id, s.record, c.record
        FROM state s LEFT JOIN cold c ON c.partition = s.partition AND c.customer_id = s.customer_id
        WHERE s.partition = ?
        """;

    private static StoredCustomer Customer(SqliteStatement row) => new(row.Blob(0).ToArray(), row.Blob(1).ToArray(), row.Blob(2).ToArray());
}
