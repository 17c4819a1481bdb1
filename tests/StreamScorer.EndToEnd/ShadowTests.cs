using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using StreamScorer.Kafka;
using StreamScorer.Redis;
using StreamScorer.Testing;
using StreamScorer.Testing.Brokers;
using StreamScorer.Testing.Servers;

namespace StreamScorer.EndToEnd;

/// <summary>A second run over the same topic, with state, group and outputs of its own: how another policy is compared with the one in force.</summary>
public sealed class ShadowTests : IDisposable
{
    private const int Customers = 12, Days = 28;
    private readonly TempDirectory directory = new();
    private readonly CancellationTokenSource patience = new(TimeSpan.FromMinutes(2));

    public void Dispose()
    {
        directory.Dispose();
        patience.Dispose();
    }

    [Fact]
    public async Task A_shadow_run_leaves_the_first_alone_and_shows_what_another_policy_decides()
    {
        await using TestBrokerProcess broker = await TestBrokerProcess.StartAsync(
            ["transactions:1", "tier-transitions:1", "transactions.dead-letters:1", "tier-transitions.shadow:1", "transactions.dead-letters.shadow:1"]);
        await using RedisServerProcess redis = await RedisServerProcess.StartAsync();
        string[] flags =
        [
            "run", "--urls", "none", "--source", "kafka", "--store", "redis", "--bootstrap", broker.Bootstrap, "--redis", redis.Endpoint,
            "--set", "Kafka:GroupTimeout=00:00:04", "--set", "Engine:RevokeDrainMax=00:00:02", "--set", "Engine:Clock=event", "--set", "Publish:Schemes=absolute",
        ];
        await FeedAsync(broker.Bootstrap);
        await RunAsync(redis, "ss", flags);
        await using var first = new OutputTopic(broker.Bootstrap, 1);
        List<Transition> inForce = await first.TransitionsAsync();

        await RunAsync(redis, "shadow",
        [
            .. flags, "--policy", StricterPolicy(), "--group", "shadow", "--set", "Redis:Prefix=shadow",
            "--set", "Kafka:TransitionsTopic=tier-transitions.shadow", "--set", "Kafka:DeadLettersTopic=transactions.dead-letters.shadow",
        ]);

        await using var shadow = new OutputTopic(broker.Bootstrap, 1, "tier-transitions.shadow");
        List<Transition> tried = await shadow.TransitionsAsync();
        Assert.Equal(inForce, await first.TransitionsAsync());
        Assert.NotEmpty(tried);
        Assert.True(Platinum(tried) < Platinum(inForce), $"{Platinum(tried)} platinum customers under higher bounds, {Platinum(inForce)} under those in force");
    }

    private static int Platinum(List<Transition> transitions) =>
        transitions.GroupBy(transition => transition.CustomerId).Count(customer => customer.Last().To == "platinum");

    /// <summary>The shipped policy with every bound of the absolute tiers ten times as high.</summary>
    private string StricterPolicy()
    {
        JsonObject policy = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "config", "scoring-policy.json")))!.AsObject();
        policy["version"] = 2;
        JsonObject absolute = policy["schemes"]!["absolute"]!.AsObject();
        absolute["bounds"] = new JsonArray([.. absolute["bounds"]!.AsArray().Select(bound => (JsonNode)(10 * (double)bound!))]);
        File.WriteAllText(directory.File("stricter.json"), policy.ToJsonString());
        return directory.File("stricter.json");
    }

    private async Task RunAsync(RedisServerProcess redis, string prefix, string[] arguments)
    {
        using WorkerProgram worker = WorkerProgram.Start(directory.Path, arguments);
        await worker.ErrorLineAsync("taken over", patience.Token);
        await using RedisStateStore store = await RedisStateStore.OpenAsync(new RedisOptions { Endpoints = [redis.Endpoint], Prefix = prefix }, "transactions", patience.Token);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while ((await store.ReadMetaAsync(0, patience.Token))?.Counters.Applied != Customers * Days)
            await look.WaitForNextTickAsync(patience.Token);
        worker.Terminate();
        Assert.Equal(0, (await worker.EndAsync()).ExitCode);
    }

    private async Task FeedAsync(string bootstrap)
    {
        await using var writer = new KafkaLogWriter(new KafkaOptions { BootstrapServers = bootstrap }, "transactions", NullLogger<KafkaLogWriter>.Instance);
        await writer.OpenAsync(patience.Token);
        for (int day = 1; day <= Days; day++)
        {
            for (int customer = 1; customer <= Customers; customer++)
            {
                string value = $$"""{"customerId":"C{{customer}}","id":"o{{day}}","time":"2024-02-{{day:00}}T{{customer:00}}:00:00Z","type":"purchase","amount":{{customer * customer * day}}}""";
                await writer.AppendAsync(0, Encoding.UTF8.GetBytes($"C{customer}"), Encoding.UTF8.GetBytes(value), [], patience.Token);
            }
        }
        await writer.FlushAsync(patience.Token);
    }
}
