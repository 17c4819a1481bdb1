using StreamScorer.Engine.Commit;
using StreamScorer.Testing.Servers;
using StreamScorer.Testing.State;
using Xunit;

namespace StreamScorer.Redis.Tests;

/// <summary>A server that lost the tail of its append-only file comes back with a prefix of the commits, never with a part of one.</summary>
public sealed class RedisTruncationTests
{
    private const int Commits = 40;
    private const int Truncations = 20;

    [Fact]
    public async Task Whatever_the_byte_at_which_the_file_ends_the_state_is_that_of_one_commit()
    {
        await using RedisServerProcess server = await RedisServerProcess.StartAsync(new RedisServerOptions { AppendOnly = true });
        var options = new RedisOptions { Endpoints = [server.Endpoint] };
        await using (RedisStateStore store = await RedisStateStore.OpenAsync(options, "transactions", CancellationToken.None))
        {
            await using StoreOwner owner = await StoreOwner.OpenAsync(store);
            await owner.ClaimAsync();
            for (int i = 0; i < Commits; i++)
                Assert.Equal(CommitOutcome.Applied, await VersionedContent.CommitAsync(owner));
        }
        await server.KillAsync();

        string file = Directory.GetFiles(Path.Combine(server.DirectoryPath, "appendonlydir"), "*.incr.aof").Single();
        byte[] whole = await File.ReadAllBytesAsync(file);
        var random = new Random(20_251_121);
        var versions = new HashSet<long>();
        for (int i = 0; i < Truncations; i++)
        {
            await File.WriteAllBytesAsync(file, whole[..random.Next(whole.Length)]);
            await server.RestartAsync();
            versions.Add(await ReadVersionAsync(options));
            await server.KillAsync();
        }

        Assert.InRange(versions.Min(), 0, Commits);
        Assert.True(versions.Count > Truncations / 2, $"only {versions.Count} different prefixes were seen");
    }

    private static async Task<long> ReadVersionAsync(RedisOptions options)
    {
        await using RedisStateStore store = await RedisStateStore.OpenAsync(options, "transactions", CancellationToken.None);
        await using StoreOwner owner = await StoreOwner.OpenAsync(store);
        await owner.ClaimAsync();
        return await VersionedContent.ReadVersionAsync(store, owner);
    }
}
