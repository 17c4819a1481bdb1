using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using StreamScorer.Engine.Commit;
using StreamScorer.Redis;
using StreamScorer.Testing;
using StreamScorer.Testing.Brokers;
using StreamScorer.Testing.Servers;
using StreamScorer.Worker.CommandLine;

namespace StreamScorer.EndToEnd;

/// <summary>Set-ups that are broken on purpose, one thing each, against real servers: <c>doctor</c> finds it and names the fix.</summary>
public sealed class DoctorTests(DoctorTests.SoundServers servers) : IClassFixture<DoctorTests.SoundServers>, IDisposable
{
    private readonly TempDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task A_sound_set_up_has_nothing_to_repair()
    {
        (int exitCode, List<Found> found) = await ExamineAsync(servers.Flags);

        Assert.DoesNotContain(found, finding => finding.Severity is "Error" or "Warning");
        Assert.Contains(found, finding => finding.Problem == "claims, commits, loads and deletions are allowed");
        Assert.Equal(ExitCode.Ok, exitCode);
    }

    [Theory]
    [InlineData("Engine:BatchSize=5", "no such key; did you mean Engine:BatchSizeMax?", "correct this key")]
    [InlineData("Redis:Prefix=a b", "allowed is text that matches", "correct this key")]
    [InlineData("Kafka:TransactionsTopic=absent", "Topic 'absent' does not exist", "Create it, or set Kafka:TransactionsTopic")]
    [InlineData("Kafka:TransitionsTopic=narrow", "Topic 'narrow' has 1 partitions, but 'transactions' has 2", "Create it with 2 partitions")]
    [InlineData("Kafka:DeadLettersTopic=absent", "Topic 'absent' does not exist", "Create it with 2 partitions, or name another topic in Kafka:DeadLettersTopic")]
    [InlineData("Kafka:Client:acks=0", "Kafka:Client:acks = '0'", "as the message says")]
    public async Task What_is_configured_wrongly_is_found(string setting, string problem, string fix) =>
        await AssertFoundAsync([.. servers.Flags, "--set", setting], problem, fix);

    [Fact]
    public async Task A_broker_that_does_not_answer_is_found() => await AssertFoundAsync(
        [.. servers.Flags, "--bootstrap", "127.0.0.1:1"], "No Kafka broker answered at 127.0.0.1:1", "start the broker, or correct Kafka:BootstrapServers");

    [Fact]
    public async Task A_store_that_does_not_answer_is_found() => await AssertFoundAsync(
        [.. servers.Flags, "--redis", "127.0.0.1:1", "--set", "Kafka:TransactionsTopic=absent"],
        "Redis at 127.0.0.1:1 cannot be reached", "Check that it runs, the endpoints");

    [Fact]
    public async Task A_policy_that_cannot_be_used_is_found() =>
        await AssertFoundAsync(["--data", directory.Path, "--policy", "none.json"], "policy none.json", "correct the policy");

    [Fact]
    public async Task A_password_that_is_missing_is_found() => await AssertRedisAsync(
        new RedisServerOptions { AppendOnly = true, Password = "x" }, "cannot be reached", "password");

    [Fact]
    public async Task A_store_that_evicts_is_found() => await AssertRedisAsync(
        new RedisServerOptions { AppendOnly = true, EvictionPolicy = "allkeys-lru" }, "maxmemory-policy 'allkeys-lru'", "CONFIG SET maxmemory-policy noeviction");

    [Fact]
    public async Task A_store_that_forgets_is_found() => await AssertRedisAsync(
        new RedisServerOptions { MaxMemoryBytes = 1 << 30 }, "keeps no append-only file", "CONFIG SET appendonly yes", "Warning");

    [Fact]
    public async Task A_store_that_is_nearly_full_is_found() => await AssertRedisAsync(
        new RedisServerOptions { AppendOnly = true, MaxMemoryBytes = 1_000_000 }, "of memory: at the limit every commit is refused", "raise maxmemory", "Warning");

    [Fact]
    public async Task A_replica_is_found() => await AssertRedisAsync(
        new RedisServerOptions { AppendOnly = true, MaxMemoryBytes = 1 << 30, ReplicaOf = servers.Redis.Port }, "is a replica of 127.0.0.1:", "name the primary");

    [Fact]
    public async Task A_store_that_forbids_writes_to_this_user_is_found() => await AssertRedisAsync(
        new RedisServerOptions { AppendOnly = true, MaxMemoryBytes = 1 << 30, DeniedCommand = "hset" }, "", "allow eval, type, exists, hget, hset and hgetall");

    [Fact]
    public async Task State_that_is_ahead_of_its_topic_is_found()
    {
        string[] prefix = ["--set", "Redis:Prefix=ahead"];
        var options = new RedisOptions { Endpoints = [servers.Redis.Endpoint], Prefix = "ahead" };
        await using (RedisStateStore store = await RedisStateStore.OpenAsync(options, "transactions", CancellationToken.None))
        await using (IPartitionStore partition = await store.OpenPartitionAsync(1, CancellationToken.None))
        {
            PartitionMeta meta = (await partition.ClaimAsync(0, CancellationToken.None)).Meta;
            var commit = new PartitionCommit();
            commit.Seal(meta.Fence, meta with { Offset = 1_000 }, 0);
            Assert.Equal(CommitOutcome.Applied, await partition.CommitAsync(commit, CancellationToken.None));
        }

        await AssertFoundAsync([.. servers.Flags, .. prefix], "the next record is 1000, but the input ends at 0", "--rebuild");
    }

    [Fact]
    public async Task A_data_directory_that_cannot_be_written_is_found()
    {
        File.WriteAllText(directory.File("taken"), "");

        await AssertFoundAsync(["--data", directory.File("taken")], "data directory cannot be written", "change its owner, or choose another one");
    }

    [Fact]
    public async Task A_file_with_another_partition_count_is_found()
    {
        await using (Standalone.Database.StandaloneDatabase.Open(directory.File("streamscorer.db"), 3))
        {
        }

        await AssertFoundAsync(["--data", directory.Path], "It has 3 partitions, 4 are configured", "set Standalone:Partitions to 3");
    }

    [Fact]
    public async Task A_file_that_is_damaged_is_found()
    {
        File.WriteAllText(directory.File("streamscorer.db"), new string('x', 8192));

        await AssertFoundAsync(["--data", directory.Path], "cannot be opened", "restore the file from a backup");
    }

    private async Task AssertRedisAsync(RedisServerOptions options, string problem, string fix, string severity = "Error")
    {
        await using RedisServerProcess redis = await RedisServerProcess.StartAsync(options);

        // Without its topic Kafka is done at once: the test broker never answers the question about retention.
        await AssertFoundAsync([.. servers.Flags, "--redis", redis.Endpoint, "--set", "Kafka:TransactionsTopic=absent"], problem, fix, severity);
    }

    private static async Task AssertFoundAsync(string[] flags, string problem, string fix, string severity = "Error")
    {
        (int exitCode, List<Found> found) = await ExamineAsync([.. flags, "--strict"]);

        Assert.Contains(found, finding => finding.Severity == severity
            && finding.Problem.Contains(problem, StringComparison.Ordinal)
            && finding.Fix.Contains(fix, StringComparison.Ordinal));
        Assert.Equal(ExitCode.Failed, exitCode);
    }

    private static async Task<(int ExitCode, List<Found> Found)> ExamineAsync(string[] flags)
    {
        var output = new StringWriter();
        int exitCode = await StreamScorerCommand.InvokeAsync(["doctor", "--json", .. LastWins(flags)], output, TextWriter.Null);
        using JsonDocument json = JsonDocument.Parse(output.ToString());
        return (exitCode, [.. json.RootElement.GetProperty("findings").EnumerateArray().Select(f => new Found(
            f.GetProperty("severity").GetString()!, f.GetProperty("problem").GetString()!, f.GetProperty("fix").GetString()!))]);
    }

    /// <summary>A flag may be given once, <c>--set</c> as often as wanted.</summary>
    private static IEnumerable<string> LastWins(string[] flags)
    {
        (string Name, string Value)[] pairs = [.. flags.Where(flag => flag != "--strict").Chunk(2).Select(pair => (pair[0], pair[1]))];
        return pairs.Where((pair, i) => pair.Name == "--set" || !pairs.Skip(i + 1).Any(later => later.Name == pair.Name))
            .SelectMany(pair => new[] { pair.Name, pair.Value })
            .Concat(flags.Where(flag => flag == "--strict"));
    }

    private sealed record Found(string Severity, string Problem, string Fix);

    /// <summary>A broker and a Redis with nothing wrong.</summary>
    public sealed class SoundServers : IAsyncLifetime
    {
        private TestBrokerProcess? broker;
        private RedisServerProcess? redis;

        internal RedisServerProcess Redis => redis!;

        internal string[] Flags => ["--source", "kafka", "--store", "redis", "--bootstrap", broker!.Bootstrap, "--redis", Redis.Endpoint];

        public async Task InitializeAsync()
        {
            broker = await TestBrokerProcess.StartAsync(["transactions:2", "tier-transitions:2", "transactions.dead-letters:2", "narrow:1"]);
            redis = await RedisServerProcess.StartAsync(new RedisServerOptions { AppendOnly = true, MaxMemoryBytes = 1 << 30 });
        }

        public async Task DisposeAsync()
        {
            await broker!.DisposeAsync();
            await redis!.DisposeAsync();
        }
    }
}
