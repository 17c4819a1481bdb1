using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Source;
using StreamScorer.Standalone.Database;

namespace StreamScorer.Standalone.State;

/// <summary>Tables <c>app</c> and <c>policy</c>, inside a transaction of the caller's. Seldom used, so nothing is kept prepared.</summary>
internal sealed class AppTable(SqliteConnection connection)
{
    public AppRecord ReadOrCreate(string topic, int partitionCount, int layout)
    {
        if (Find() is { } stored)
            return stored;
        Span<byte> random = stackalloc byte[24];
        RandomNumberGenerator.Fill(random);
        var created = new AppRecord
        {
            Topic = topic,
            PartitionCount = partitionCount,
            Layout = layout,
            Incarnation = (BinaryPrimitives.ReadInt64LittleEndian(random) & long.MaxValue) | 1,
            ErasureKey = BinaryPrimitives.ReadUInt128LittleEndian(random[8..]),
        };
        Put(created);
        return created;
    }

    public bool Replace(AppRecord next)
    {
        if (Find()?.Revision != next.Revision)
            return false;
        Put(next with { Revision = next.Revision + 1 });
        return true;
    }

    public string? ReadOrCreatePolicy(long version, string? jsonIfNone)
    {
        if (jsonIfNone is not null)
        {
            using var insert = new SqliteStatement(connection, "INSERT OR IGNORE INTO policy VALUES (?, ?)");
            insert.Bind(1, version).Bind(2, jsonIfNone).Run();
        }
        using var select = new SqliteStatement(connection, "SELECT json FROM policy WHERE version = ?");
        return select.Bind(1, version).Step() ? Encoding.UTF8.GetString(select.Blob(0)) : null;
    }

    private AppRecord? Find()
    {
        using var select = new SqliteStatement(
            connection, "SELECT revision, topic, partition_count, partitioner, incarnation, layout, erasure_key, resumed_at_ms FROM app");
        return !select.Step() ? null : new AppRecord
        {
            Revision = select.Int64(0),
            Topic = Encoding.UTF8.GetString(select.Blob(1)),
            PartitionCount = (int)select.Int64(2),
            Partitioner = (PartitionerKind)select.Int64(3),
            Incarnation = select.Int64(4),
            Layout = (int)select.Int64(5),
            ErasureKey = BinaryPrimitives.ReadUInt128LittleEndian(select.Blob(6)),
            ResumedAtMs = select.Int64(7),
        };
    }

    private void Put(AppRecord app)
    {
        Span<byte> key = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128LittleEndian(key, app.ErasureKey);
        using var put = new SqliteStatement(connection, "INSERT OR REPLACE INTO app VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?)");
        put.Bind(1, app.Revision).Bind(2, app.Topic).Bind(3, app.PartitionCount).Bind(4, (long)app.Partitioner).Bind(5, app.Incarnation)
            .Bind(6, app.Layout).Bind(7, key).Bind(8, app.ResumedAtMs).Run();
    }
}
