using Microsoft.Data.Sqlite;
using StreamScorer.Contracts;
using StreamScorer.Engine.Commit;
using StreamScorer.Standalone.Database;
using StreamScorer.Standalone.State;
using StreamScorer.Testing;

namespace StreamScorer.Standalone.Tests;

/// <summary>The store in the standalone file keeps the contract.</summary>
public sealed class StandaloneStoreContractTests : StateStoreContract
{
    private readonly TempDirectory directory = new();
    private StandaloneDatabase database = null!;

    protected override Task<IStateStore> OpenEmptyStoreAsync()
    {
        database = StandaloneDatabase.Open(directory.File("scores.db"), partitionCount: 4);
        return Task.FromResult<IStateStore>(new StandaloneStore(database));
    }

    protected override async Task ForgetEverythingAsync()
    {
        await using var connection = new SqliteConnection($"Data Source={directory.File("scores.db")};Pooling=False");
        await connection.OpenAsync();
        await using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "DELETE FROM meta; DELETE FROM state; DELETE FROM cold; DELETE FROM outbox; DELETE FROM recent; DELETE FROM population;";
        await command.ExecuteNonQueryAsync();
    }

    protected override async Task CloseAsync()
    {
        await database.DisposeAsync();
        directory.Dispose();
    }
}
