using Microsoft.Data.Sqlite;
using StreamScorer.Standalone.Database;
using StreamScorer.Standalone.Log;
using StreamScorer.Testing;

namespace StreamScorer.Standalone.Tests;

/// <summary>A standalone file in a directory of its own, open for running.</summary>
internal sealed class StandaloneFile : IAsyncDisposable
{
    private readonly TempDirectory directory = new();

    public StandaloneFile(int partitionCount = 2)
    {
        Database = StandaloneDatabase.Open(Path, partitionCount);
        Log = new StandaloneLog(Database);
    }

    public string Path => directory.File("scores.db");

    public StandaloneDatabase Database { get; }

    public StandaloneLog Log { get; }

    /// <summary>Runs a statement from outside the product.</summary>
    public void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        directory.Dispose();
    }
}
