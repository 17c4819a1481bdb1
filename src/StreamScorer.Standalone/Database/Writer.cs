using Microsoft.Data.Sqlite;
using SQLitePCL;
using StreamScorer.Standalone.Log;
using StreamScorer.Standalone.State;

namespace StreamScorer.Standalone.Database;

/// <summary>The one connection that writes, with its prepared statements. Used by one thread at a time.</summary>
internal sealed class Writer : IDisposable
{
    private readonly SqliteConnection connection;
    private readonly SqliteStatement begin;
    private readonly SqliteStatement commit;
    private readonly SqliteStatement rollBack;
    private bool? flushing;

    public Writer(SqliteConnection connection)
    {
        this.connection = connection;
        begin = new SqliteStatement(connection, "BEGIN IMMEDIATE");
        commit = new SqliteStatement(connection, "COMMIT");
        rollBack = new SqliteStatement(connection, "ROLLBACK");
        State = new StateWriter(connection);
        App = new AppTable(connection);
        Log = new LogWriter(connection);
    }

    /// <summary>Claims and commits.</summary>
    public StateWriter State { get; }

    /// <summary>What all partitions share.</summary>
    public AppTable App { get; }

    /// <summary>Appends.</summary>
    public LogWriter Log { get; }

    /// <summary>The value of an SQLite setting on this connection.</summary>
    public long Pragma(string name)
    {
        using var pragma = new SqliteStatement(connection, $"PRAGMA {name}");
        return pragma.Step() ? pragma.Int64(0) : throw new InvalidOperationException($"SQLite has no setting {name}");
    }

    /// <summary>Begins a transaction.</summary>
    /// <param name="durable">Whether its commit waits until the disk has it.</param>
    public void Begin(bool durable)
    {
        if (flushing != durable)
        {
            // SQLite obeys this pragma when it is prepared, not when it runs: a kept statement would do nothing.
            using var synchronous = new SqliteStatement(connection, $"PRAGMA synchronous = {(durable ? "FULL" : "NORMAL")}");
            synchronous.Run();
            flushing = durable;
        }
        begin.Run();
    }

    /// <summary>Commits the transaction.</summary>
    public void Commit() => commit.Run();

    /// <summary>Undoes the transaction, unless SQLite has undone it already, as it does when the disk is full.</summary>
    public void RollBack()
    {
        if (raw.sqlite3_get_autocommit(connection.Handle) != 0)
            return;
        try
        {
            rollBack.Run();
        }
        catch (SqliteException)
        {
            // The disk fails: the next transaction cannot begin and says so to whoever waits for it.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        State.Dispose();
        Log.Dispose();
        foreach (SqliteStatement statement in new[] { begin, commit, rollBack })
            statement.Dispose();
        connection.Dispose();
    }
}
