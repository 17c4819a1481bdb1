using Microsoft.Data.Sqlite;
using StreamScorer.Engine.Commit;

namespace StreamScorer.Standalone.Database;

/// <summary>The tables of the one file, and the check that this version can read them.</summary>
internal static class Schema
{
    /// <summary>Version of the tables below. Those before are brought up to it when a worker opens the file; others are refused.</summary>
    public const int Layout = 4;

    private const string Tables = """
        CREATE TABLE layout (version INTEGER NOT NULL, partitions INTEGER NOT NULL) STRICT;

        CREATE TABLE meta (
          partition INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, commit_seq INTEGER NOT NULL, next_offset INTEGER NOT NULL,
          outbox_seq INTEGER NOT NULL, published_seq INTEGER NOT NULL, sink_position INTEGER NOT NULL, incarnation INTEGER NOT NULL,
          layout INTEGER NOT NULL, policy_version INTEGER NOT NULL, clock_ms INTEGER NOT NULL, recent_count INTEGER NOT NULL,
          last_record_crc INTEGER NOT NULL, last_record_timestamp_ms INTEGER NOT NULL, consumed INTEGER NOT NULL, applied INTEGER NOT NULL,
          duplicate INTEGER NOT NULL, dead_lettered INTEGER NOT NULL, erased INTEGER NOT NULL, late INTEGER NOT NULL,
          late_inexact INTEGER NOT NULL, publish_from_offset INTEGER NOT NULL DEFAULT 0,
          assessed_policy_version INTEGER NOT NULL DEFAULT 0, live INTEGER NOT NULL DEFAULT 0) STRICT;

        CREATE TABLE state (
          partition INTEGER NOT NULL, customer_id BLOB NOT NULL, record BLOB NOT NULL,
          PRIMARY KEY (partition, customer_id)) STRICT, WITHOUT ROWID;

        CREATE TABLE cold (
          partition INTEGER NOT NULL, customer_id BLOB NOT NULL, record BLOB NOT NULL,
          PRIMARY KEY (partition, customer_id)) STRICT, WITHOUT ROWID;

        CREATE TABLE outbox (
          partition INTEGER NOT NULL, last_seq INTEGER NOT NULL, entries BLOB NOT NULL,
          PRIMARY KEY (partition, last_seq)) STRICT, WITHOUT ROWID;

        CREATE TABLE recent (
          partition INTEGER NOT NULL, strip INTEGER NOT NULL, ids BLOB NOT NULL,
          PRIMARY KEY (partition, strip)) STRICT;

        CREATE TABLE population (partition INTEGER PRIMARY KEY, sketch BLOB NOT NULL) STRICT;

        CREATE TABLE log (
          topic TEXT NOT NULL, partition INTEGER NOT NULL, base_offset INTEGER NOT NULL, count INTEGER NOT NULL, records BLOB NOT NULL,
          PRIMARY KEY (topic, partition, base_offset)) STRICT;
        """ + AddedByLayout2;

    private const string AddedByLayout2 = """
        CREATE TABLE erased (
          partition INTEGER NOT NULL, customer_hash INTEGER NOT NULL, erased_at_ms INTEGER NOT NULL,
          PRIMARY KEY (partition, customer_hash)) STRICT, WITHOUT ROWID;

        CREATE TABLE app (
          one INTEGER PRIMARY KEY CHECK (one = 1), revision INTEGER NOT NULL, topic TEXT NOT NULL, partition_count INTEGER NOT NULL,
          partitioner INTEGER NOT NULL, incarnation INTEGER NOT NULL, layout INTEGER NOT NULL, erasure_key BLOB NOT NULL,
          resumed_at_ms INTEGER NOT NULL) STRICT;

        CREATE TABLE policy (version INTEGER PRIMARY KEY, json TEXT NOT NULL) STRICT;
        """;

    private const string From1To2 = """
        ALTER TABLE meta ADD COLUMN publish_from_offset INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE meta ADD COLUMN assessed_policy_version INTEGER NOT NULL DEFAULT 0;
        UPDATE meta SET assessed_policy_version = policy_version;
        UPDATE layout SET version = 2;
        """ + AddedByLayout2;

    private const string From2To3 = """
        ALTER TABLE meta ADD COLUMN live INTEGER NOT NULL DEFAULT 0;
        UPDATE layout SET version = 3;
        """;

    // A row of one entry is a row of entries too.
    private const string From3To4 = """
        ALTER TABLE outbox RENAME COLUMN seq TO last_seq;
        ALTER TABLE outbox RENAME COLUMN entry TO entries;
        UPDATE layout SET version = 4;
        """;

    /// <summary>Creates the tables in a new file, and brings those of earlier layouts up to this one.</summary>
    public static void CreateOrMigrate(SqliteConnection connection, int partitionCount)
    {
        using SqliteTransaction transaction = connection.BeginTransaction();
        if (Execute(connection, "SELECT count(*) FROM sqlite_master") == 0)
        {
            Execute(connection, Tables);
            Execute(connection, $"INSERT INTO layout VALUES ({Layout}, {partitionCount})");
        }
        else if (Execute(connection, "SELECT count(*) FROM sqlite_master WHERE name = 'layout'") > 0)
        {
            if (Execute(connection, "SELECT version FROM layout") == 1)
                Execute(connection, From1To2);
            if (Execute(connection, "SELECT version FROM layout") == 2)
                Execute(connection, From2To3);
            if (Execute(connection, "SELECT version FROM layout") == 3)
                Execute(connection, From3To4);
        }
        transaction.Commit();
    }

    /// <summary>Checks the layout and returns the number of partitions.</summary>
    /// <exception cref="StateStoreException">Not a file of this product, or of another version.</exception>
    public static int ReadPartitionCount(SqliteConnection connection, string path)
    {
        if (Execute(connection, "SELECT count(*) FROM sqlite_master WHERE name = 'layout'") == 0)
            throw new StateStoreException($"{path} is a database of something else; choose another file");
        long version = Execute(connection, "SELECT version FROM layout");
        if (version != Layout)
            throw new StateStoreException($"{path} has layout {version}, this version reads layout {Layout}; use the version that wrote it, or a new file");
        return (int)Execute(connection, "SELECT partitions FROM layout");
    }

    private static long Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar() as long? ?? 0;
    }
}
