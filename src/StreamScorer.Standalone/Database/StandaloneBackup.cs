using Microsoft.Data.Sqlite;
using StreamScorer.Engine.Commit;

namespace StreamScorer.Standalone.Database;

/// <summary>Copies the standalone file, state and log together, as of one instant, and back.</summary>
public static class StandaloneBackup
{
    /// <summary>Copies the file of a running or stopped worker, and checks the copy.</summary>
    /// <exception cref="StateStoreException">There is none, it cannot be read, or <paramref name="backup"/> cannot be written.</exception>
    public static void Write(string path, string backup) => Guard(path, () =>
    {
        string partial = backup + ".partial";
        File.Delete(partial);
        StandaloneDatabase.OpenReadOnly(path);
        using (SqliteConnection source = Connect(path))
        {
            using SqliteCommand copy = source.CreateCommand();
            copy.CommandText = "VACUUM INTO $to";
            copy.Parameters.AddWithValue("$to", partial);
            copy.ExecuteNonQuery();
        }
        Check(partial);
        File.Move(partial, backup, overwrite: true);
    });

    /// <summary>Puts a backup in the place of the file. No worker may run on it.</summary>
    /// <param name="replaces">Replaces a file that is there; else that is an error.</param>
    /// <exception cref="StateStoreException">The backup is damaged, a worker runs, or a file is there already.</exception>
    public static void Restore(string backup, string path, bool replaces) => Guard(backup, () =>
    {
        Check(backup);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        using FileStream ownership = StandaloneDatabase.Own(path);
        if (File.Exists(path) && !replaces)
            throw new StateStoreException($"{path} exists already; restore to another data directory, or give --replace.");
        string partial = path + ".partial";
        File.Copy(backup, partial, overwrite: true);
        // What was logged for the old file must not be replayed into the new one.
        File.Delete(path + "-wal");
        File.Delete(path + "-shm");
        File.Move(partial, path, overwrite: true);
    });

    private static void Check(string path)
    {
        StandaloneDatabase.OpenReadOnly(path);
        using SqliteConnection connection = Connect(path);
        using SqliteCommand check = connection.CreateCommand();
        check.CommandText = "PRAGMA integrity_check";
        if (check.ExecuteScalar() is not "ok" and var answer)
            throw new StateStoreException($"{path} is damaged: {answer} Take another backup.");
    }

    private static SqliteConnection Connect(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ConnectionString);
        connection.Open();
        return connection;
    }

    private static void Guard(string subject, Action work)
    {
        try
        {
            work();
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new StateStoreException($"{subject}: {e.Message}", e);
        }
    }
}
