using System.Globalization;
using System.Text;
using StreamScorer.Engine.Commit;
using StreamScorer.Testing.Servers;
using StreamScorer.Testing.State;
using Xunit;

namespace StreamScorer.Redis.Tests;

/// <summary>
/// Connections break all the time in the middle of messages, and yet every reply is its own caller's. <c>STREAMSCORER_REPLY_ROUNDS</c> makes it longer than the suite's.
/// </summary>
public sealed class RedisReplyTests
{
    private const int Partitions = 12, Customers = 20, Seed = 20_261_122;
    // Offsets of a partition lie between its number and the next one's times this.
    private const long Range = 1_000_000_000;
    private static readonly int rounds = int.Parse(Environment.GetEnvironmentVariable("STREAMSCORER_REPLY_ROUNDS") ?? "60", CultureInfo.InvariantCulture);

    private int cuts, claims, loads, commits, reads;

    [Fact]
    [Trait("Fault", "F12")]
    public async Task Whatever_breaks_no_reply_reaches_anybody_but_who_asked()
    {
        await using RedisServerProcess server = await RedisServerProcess.StartAsync();
        await using var network = new TcpProxy(server.Port);
        var options = new RedisOptions { Endpoints = [network.Endpoint] };
        await using RedisStateStore store = await RedisStateStore.OpenAsync(options, "transactions", CancellationToken.None);

        IEnumerable<Task> owners = Enumerable.Range(0, Partitions).Select(partition => Task.Run(() => OwnAsync(store, network, partition)));
        IEnumerable<Task> readers = Enumerable.Range(0, Partitions).Select(reader => Task.Run(() => ReadAsync(store, reader)));
        await Task.WhenAll([.. owners, .. readers]);

        string seen = $"{cuts} cuts, {claims} claims, {loads} loads, {commits} commits, {reads} reads";
        Assert.True(new[] { cuts, claims, loads, commits, reads }.Min() >= rounds / 4, seen);
    }

    private async Task OwnAsync(RedisStateStore store, TcpProxy network, int partition)
    {
        var random = new Random(Seed + partition);
        await using IPartitionStore owned = await store.OpenPartitionAsync(partition, CancellationToken.None);
        var commit = new PartitionCommit();
        PartitionMeta? meta = null;
        long written = PartitionMeta.Empty.Offset, maybeWritten = written;
        for (int round = 0; round < rounds; round++)
        {
            if (random.Next(3) == 0)
            {
                network.CutOne(random.Next(1_000));
                Interlocked.Increment(ref cuts);
            }
            if (meta is null)
            {
                ClaimResult claim = await owned.ClaimAsync(1, CancellationToken.None);
                if (!claim.Claimed)
                    continue;
                Interlocked.Increment(ref claims);
                Assert.True(claim.Meta.Offset == written || claim.Meta.Offset == maybeWritten, $"partition {partition} was given offset {claim.Meta.Offset}");
                (meta, written, maybeWritten) = (claim.Meta, claim.Meta.Offset, claim.Meta.Offset);
                await LoadAsync(owned, partition, written);
            }
            maybeWritten = (partition * Range) + round + 1;
            commit.Clear();
            for (int i = 0; i < Customers; i++)
                commit.PutHot(Id(partition, i), Encoding.UTF8.GetBytes($"{partition}/{i}/{maybeWritten}"));
            commit.Seal(meta.Value.Fence, meta.Value with { Offset = maybeWritten }, trimThroughSeq: 0);
            CommitOutcome outcome = await owned.CommitAsync(commit, CancellationToken.None);
            Assert.True(outcome is CommitOutcome.Applied or CommitOutcome.Unknown, $"partition {partition} was told {outcome}");
            meta = outcome == CommitOutcome.Applied ? commit.Next : null;
            if (meta is null)
                continue;
            written = maybeWritten;
            Interlocked.Increment(ref commits);
        }
    }

    private async Task LoadAsync(IPartitionStore owned, int partition, long offset)
    {
        var loaded = new LoadedPartition();
        if (!await owned.LoadAsync(loaded, CancellationToken.None))
            return;
        Interlocked.Increment(ref loads);
        Assert.Equal(offset == PartitionMeta.Empty.Offset ? 0 : Customers, loaded.Hot.Count);
        for (int i = 0; i < loaded.Hot.Count; i++)
            Assert.Equal($"{partition}/{i}/{offset}", Encoding.UTF8.GetString(loaded.Hot[Id(partition, i)]));
    }

    private async Task ReadAsync(RedisStateStore store, int reader)
    {
        var random = new Random(Seed - 1 - reader);
        for (int round = 0; round < 4 * rounds; round++)
        {
            (int partition, int customer) = (random.Next(Partitions), random.Next(Customers));
            try
            {
                if (await store.ReadCustomerAsync(partition, Id(partition, customer), CancellationToken.None) is { } read)
                    Assert.StartsWith($"{partition}/{customer}/", Encoding.UTF8.GetString(read.Hot), StringComparison.Ordinal);
                if (await store.ReadMetaAsync(partition, CancellationToken.None) is { Offset: > 0 } meta)
                    Assert.Equal(partition, meta.Offset / Range);
                Interlocked.Increment(ref reads);
            }
            catch (StateStoreException exception) when (exception.IsTransient)
            {
                // Its connection was cut.
            }
        }
    }

    private static byte[] Id(int partition, int customer) => StoreOwner.Bytes($"{partition}/{customer}");
}
