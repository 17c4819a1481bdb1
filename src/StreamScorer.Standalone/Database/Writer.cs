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
    private readonly SqliteStatement flushEveryCommit;
    private readonly SqliteStatement flushAtCheckpoints;
    private bool? flushing;

    public Writer(SqliteConnection connection)
    {
        this.connection = connection;
        begin = new SqliteStatement(connection, "BEGIN IMMEDIATE");
        commit = new SqliteStatement(connection, "COMMIT");
        rollBack = new SqliteStatement(connection, "ROLLBACK");
        flushEveryCommit = new SqliteStatement(connection, "PRAGMA synchronous = FULL");
        flushAtCheckpoints = new SqliteStatement(connection, "PRAGMA synchronous = NORMAL");
        State = new StateWriter(connection);
        Log = new LogWriter(connection);
    }

    /// <summary>Claims and commits.</summary>
    public StateWriter State { get; }

    /// <summary>Appends.</summary>
    public LogWriter Log { get; }

    /// <summary>Begins a transaction.</summary>
    /// <param name="durable">Whether its commit waits until the disk has it.</param>
    public void Begin(bool durable)
    {
        if (flushing != durable)
        {
            (durable ? flushEveryCommit : flushAtCheckpoints).Run();
            flushing = durable;
        }
        begin.Run();
    }

    /// <summary>Commits the transaction.</summary>
    public void Commit() => commit.Run();

    /// <summary>Undoes the transaction, unless SQLite has undone it already, as it does when the disk is full.</summary>
    public void RollBack()
    {
        if (raw.sqlite3_get_autocommit(connection.Handle) == 0)
            rollBack.Run();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        State.Dispose();
        Log.Dispose();
        foreach (SqliteStatement statement in new[] { begin, commit, rollBack, flushEveryCommit, flushAtCheckpoints })
            statement.Dispose();
        connection.Dispose();
    }
}
