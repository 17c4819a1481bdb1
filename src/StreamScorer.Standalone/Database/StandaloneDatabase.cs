using Microsoft.Data.Sqlite;
using SQLitePCL;
using StreamScorer.Engine.Commit;

namespace StreamScorer.Standalone.Database;

/// <summary>
/// The one SQLite file of a standalone worker: state, and the log that events come from and transitions go to.
/// One process owns it for running; others may read beside it.
/// </summary>
public sealed class StandaloneDatabase : IAsyncDisposable
{
    private const int BusyTimeoutMs = 5_000;
    private readonly string path;
    private readonly FileStream? ownership;
    private readonly WriteQueue? writes;

    private StandaloneDatabase(string path, int partitionCount, FileStream? ownership, WriteQueue? writes)
    {
        this.path = path;
        this.ownership = ownership;
        this.writes = writes;
        PartitionCount = partitionCount;
    }

    /// <summary>Number of partitions, fixed when the file was created.</summary>
    public int PartitionCount { get; }

    internal WriteQueue Writes => writes ?? throw new InvalidOperationException($"{path} is open for reading only");

    /// <summary>Opens the file for running, alone; creates it when absent.</summary>
    /// <param name="path">The file.</param>
    /// <param name="partitionCount">Partitions of a new file, which those of an existing one must equal.</param>
    /// <param name="maxBytes">Largest size of the file in bytes, 0 = no limit; what does not fit is refused whole.</param>
    /// <param name="use">What it is for.</param>
    /// <exception cref="StateStoreException">In use by another worker, of another version or partition count, or not readable; the message names the fix.</exception>
    public static StandaloneDatabase Open(string path, int partitionCount, long maxBytes = 0, FileUse use = FileUse.Lasting)
    {
        FileStream ownership = Own(path);
        try
        {
            return Guard(path, () => new StandaloneDatabase(path, partitionCount, ownership, new WriteQueue(OpenWriter(path, partitionCount, maxBytes, use))));
        }
        catch
        {
            ownership.Dispose();
            throw;
        }
    }

    /// <summary>Opens an existing file for reading, beside a running worker or without one.</summary>
    /// <exception cref="StateStoreException">Absent, of another version, or not readable; the message names the fix.</exception>
    public static StandaloneDatabase OpenReadOnly(string path) => Guard(path, () =>
    {
        if (!File.Exists(path))
            throw new StateStoreException($"{path} does not exist; a worker creates it when it first runs");
        using SqliteConnection connection = Connect(path, SqliteOpenMode.ReadOnly, pooling: false);
        return new StandaloneDatabase(path, Schema.ReadPartitionCount(connection, path), null, null);
    });

    /// <summary>Finishes what is being written and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        if (writes is not null)
            await writes.DisposeAsync();
        using (var pooled = new SqliteConnection(ConnectionString(path, SqliteOpenMode.ReadOnly, pooling: true)))
            SqliteConnection.ClearPool(pooled);
        ownership?.Dispose();
    }

    internal SqliteConnection OpenReader() => Connect(path, SqliteOpenMode.ReadOnly, pooling: true);

    private static Writer OpenWriter(string path, int partitionCount, long maxBytes, FileUse use)
    {
        SqliteConnection connection = Connect(path, SqliteOpenMode.ReadWriteCreate, pooling: false);
        try
        {
            (int newPageBytes, int walBytes) = use == FileUse.OneRun ? (16_384, 1 << 30) : (4_096, 16 << 20);
            // Obeyed by a new file only, and only before its first table.
            Pragma(connection, $"page_size = {newPageBytes}");
            Schema.CreateOrMigrate(connection, partitionCount);
            int stored = Schema.ReadPartitionCount(connection, path);
            if (stored != partitionCount)
                throw new StateStoreException(
                    $"{path} was created with {stored} partitions, {partitionCount} are configured; set the partition count to {stored}, or use a new file");
            Pragma(connection, "journal_mode = WAL");
            long pageBytes = PageBytes(connection);
            // Pages that change again soon are written to the file once: fewer writes than with SQLite's own 4 MB.
            Pragma(connection, $"wal_autocheckpoint = {walBytes / pageBytes}");
            Pragma(connection, "journal_size_limit = 67108864");
            Pragma(connection, "cache_size = -65536");
            if (maxBytes > 0)
                Pragma(connection, $"max_page_count = {maxBytes / pageBytes}");
            if (use == FileUse.OneRun)
                raw.sqlite3_db_config(connection.Handle, raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, out _);
            return new Writer(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    internal static FileStream Own(string path)
    {
        try
        {
            return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (DirectoryNotFoundException exception)
        {
            throw new StateStoreException($"the directory of {path} does not exist; create it", exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new StateStoreException($"{path} may not be written by this user; change its owner or choose another file", exception);
        }
        catch (IOException exception)
        {
            throw new StateStoreException($"{path} is in use by another worker; stop that one, or choose another file", exception);
        }
    }

    private static T Guard<T>(string path, Func<T> open)
    {
        try
        {
            return open();
        }
        catch (SqliteException exception)
        {
            throw new StateStoreException($"{path} cannot be opened: {exception.Message} Restore it from a backup, or choose another file.", exception);
        }
    }

    private static SqliteConnection Connect(string path, SqliteOpenMode mode, bool pooling)
    {
        var connection = new SqliteConnection(ConnectionString(path, mode, pooling));
        connection.Open();
        raw.sqlite3_busy_timeout(connection.Handle, BusyTimeoutMs);
        return connection;
    }

    private static string ConnectionString(string path, SqliteOpenMode mode, bool pooling) =>
        new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = pooling }.ConnectionString;

    private static long PageBytes(SqliteConnection connection)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "PRAGMA page_size";
        return (long)command.ExecuteScalar()!;
    }

    private static void Pragma(SqliteConnection connection, string setting)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = $"PRAGMA {setting}";
        command.ExecuteNonQuery();
    }
}
