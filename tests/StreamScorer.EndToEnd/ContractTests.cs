using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using StreamScorer.Engine.Publish;
using StreamScorer.Kafka;
using StreamScorer.Testing;

namespace StreamScorer.EndToEnd;

/// <summary>What a worker really publishes, read by kcat, against the published schemas, judged by validators that know nothing of this code.</summary>
public sealed class ContractTests : IDisposable
{
    private const int Customers = 12;

    private static readonly (string? Key, string Value)[] unusable =
    [
        ("C1", "not json"),
        ("C1", """{"customerId":"C2","id":"k","time":"2024-01-01T00:00:00Z","type":"purchase","amount":1}"""),
        ("C1", """{"customerId":"C1","id":"t","time":"2024-01-01T00:00:00Z","type":"walk"}"""),
        ("C1", """{"customerId":"C1","id":"a","time":"2024-01-01T00:00:00Z","type":"purchase","amount":-1}"""),
        (null, """{"customerId":"C1","id":"n","time":"2024-01-01T00:00:00Z","type":"purchase","amount":1}"""),
    ];

    private readonly TempDirectory directory = new();
    private readonly CancellationTokenSource patience = new(TimeSpan.FromMinutes(2));
    private readonly StringBuilder cases = new();

    public void Dispose()
    {
        directory.Dispose();
        patience.Dispose();
    }

    [Fact]
    public async Task Published_messages_are_read_by_kcat_and_follow_the_published_schemas()
    {
        await using Servers servers = await Servers.StartAsync(partitions: 1);
        string[] flags = ["--source", "kafka", "--store", "redis", .. servers.Flags, "--set", "Engine:Clock=event", "--set", "Publish:Schemes=all"];
        using (WorkerProgram worker = WorkerProgram.Start(directory.Path, ["run", "--urls", "none", .. flags]))
        {
            await FeedAsync(servers.Broker.Bootstrap);
            await using (var deadLetters = new OutputTopic(servers.Broker.Bootstrap, 1, "transactions.dead-letters"))
                await deadLetters.HasAsync(unusable.Length, patience.Token);
            worker.Terminate();
            Assert.Equal(0, (await worker.EndAsync()).ExitCode);
        }

        List<JsonObject> published = Kcat(servers.Broker.Bootstrap, "tier-transitions");
        List<JsonObject> ofErasure = [.. published.Where(record => (string?)record["payload"] is not string value || value.Contains(OutboxFormatter.ErasedType, StringComparison.Ordinal))];
        AddTransitions([.. published.Except(ofErasure)]);
        AddErasure(ofErasure);
        AddDeadLetters(Kcat(servers.Broker.Bootstrap, "transactions.dead-letters"));
        ProgramResult profile = await WorkerProgram.RunAsync(["customer", "C1", "--json", .. flags]);
        Add("customer-profile.schema.json", JsonNode.Parse(profile.Output)!, isValid: true);
        AddOldMessages();
        AssertChecked();
    }

    private async Task FeedAsync(string bootstrap)
    {
        await using var writer = new KafkaLogWriter(new KafkaOptions { BootstrapServers = bootstrap }, "transactions", NullLogger<KafkaLogWriter>.Instance);
        await writer.OpenAsync(patience.Token);
        KeyValuePair<string, byte[]?>[] headers = [new("origin", "shop"u8.ToArray())];
        for (int day = 1; day <= 28; day++)
        {
            for (int customer = 1; customer <= Customers; customer++)
            {
                string time = $"2024-02-{day:00}T{customer:00}:00:00Z";
                string value = $$"""{"customerId":"C{{customer}}","id":"o{{day}}","time":"{{time}}","type":"purchase","amount":{{customer * customer * day}}}""";
                await writer.AppendAsync(0, Encoding.UTF8.GetBytes($"C{customer}"), Encoding.UTF8.GetBytes(value), headers, patience.Token);
            }
        }
        // Silence brings the transitions that no event causes.
        await writer.AppendAsync(0, null, """{"type":"clock","time":"2026-01-01T00:00:00Z"}"""u8.ToArray(), [], patience.Token);
        await writer.AppendAsync(0, "C2"u8.ToArray(), """{"customerId":"C2","time":"2026-01-01T00:00:00Z","type":"erase"}"""u8.ToArray(), [], patience.Token);
        foreach ((string? key, string value) in unusable)
            await writer.AppendAsync(0, key is null ? null : Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(value), headers, patience.Token);
        await writer.FlushAsync(patience.Token);
    }

    private void AddTransitions(List<JsonObject> records)
    {
        Assert.NotEmpty(records);
        foreach (JsonObject record in records)
        {
            JsonNode message = JsonNode.Parse((string)record["payload"]!)!;
            Assert.Equal((string)record["key"]!, (string)message["data"]!["customerId"]!);
            Assert.Equal((string)message["id"]!, Headers(record)["id"]);
            Add("tier-transition.schema.json", message, isValid: true);
        }
        Assert.Equal(
            ["event", "silence"],
            records.Select(record => (string)JsonNode.Parse((string)record["payload"]!)!["data"]!["cause"]!).Distinct().Intersect(["event", "silence"]).Order());
        JsonObject sample = JsonNode.Parse((string)records[0]["payload"]!)!.AsObject();
        foreach (string name in sample.Select(field => field.Key).ToArray())
            Add("tier-transition.schema.json", Without(sample, name), isValid: false);
        JsonObject sideways = sample.DeepClone().AsObject();
        sideways["data"]!["direction"] = "sideways";
        Add("tier-transition.schema.json", sideways, isValid: false);
    }

    private void AddErasure(List<JsonObject> records)
    {
        Assert.Equal(["C2", "C2"], records.Select(record => (string?)record["key"]));
        Assert.Null((string?)records[1]["payload"]);
        JsonObject message = JsonNode.Parse((string)records[0]["payload"]!)!.AsObject();
        Add("customer-erased.schema.json", message, isValid: true);
        // Neither is the other.
        Add("tier-transition.schema.json", message, isValid: false);
        foreach (string name in message.Select(field => field.Key).ToArray())
            Add("customer-erased.schema.json", Without(message, name), isValid: false);
    }

    private void AddDeadLetters(List<JsonObject> records)
    {
        Assert.Equal(unusable, records.Select(record => ((string?)record["key"], (string)record["payload"]!)));
        foreach (JsonObject record in records)
        {
            Dictionary<string, string> headers = Headers(record);
            Assert.Equal("shop", headers["origin"]);
            var message = new JsonObject(headers.Select(header => KeyValuePair.Create(header.Key, (JsonNode?)header.Value)));
            Add("dead-letter-headers.schema.json", message, isValid: true);
            Add("dead-letter-headers.schema.json", Without(message, "reason"), isValid: false);
        }
        Assert.Equal(
            ["invalid_value", "key_mismatch", "malformed_json", "missing_key", "unknown_type"], records.Select(record => Headers(record)["reason"]).Order());
    }

    /// <summary>The messages of the first version, which are never changed: the schemas of today take them, and refuse them without what they need.</summary>
    private void AddOldMessages()
    {
        foreach ((string file, string schema) in new[] { ("events", "event"), ("transitions", "tier-transition"), ("erasures", "customer-erased") })
        {
            foreach (string line in File.ReadLines(Path.Combine(CheckDirectory(), "v1", file + ".ndjson")))
            {
                JsonObject message = JsonNode.Parse(line)!.AsObject();
                Add($"{schema}.schema.json", message, isValid: true);
                Add($"{schema}.schema.json", Without(message, "type"), isValid: false);
                Add($"{schema}.schema.json", Without(message, "time"), isValid: false);
            }
        }
    }

    private void Add(string schema, JsonNode message, bool isValid) =>
        cases.Append(new JsonObject { ["schema"] = schema, ["message"] = message.DeepClone(), ["valid"] = isValid }.ToJsonString()).Append('\n');

    private void AssertChecked()
    {
        Assert.True(Directory.Exists(Path.Combine(CheckDirectory(), "node_modules")), "run: npm ci --prefix tests/contracts-check");
        File.WriteAllText(directory.File("cases.ndjson"), cases.ToString());
        string schemas = Path.GetFullPath(Path.Combine(CheckDirectory(), "..", "..", "config", "schemas"));

        (int exitCode, string output) = Run("node", Path.Combine(CheckDirectory(), "check.mjs"), schemas, directory.File("cases.ndjson"));

        Assert.True(exitCode == 0, output);
        Assert.Contains(" messages, 5 schemas, ", output, StringComparison.Ordinal);
    }

    private static JsonObject Without(JsonObject message, string name)
    {
        JsonObject copy = message.DeepClone().AsObject();
        copy.Remove(name);
        return copy;
    }

    private static Dictionary<string, string> Headers(JsonObject record) =>
        record["headers"]!.AsArray().Chunk(2).ToDictionary(pair => (string)pair[0]!, pair => (string)pair[1]!);

    private static List<JsonObject> Kcat(string bootstrap, string topic)
    {
        (int exitCode, string output) = Run("kcat", "-C", "-q", "-J", "-e", "-b", bootstrap, "-t", topic, "-p", "0", "-o", "beginning");
        Assert.Equal(0, exitCode);
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject())];
    }

    private static (int ExitCode, string Output) Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }

    private static string CheckDirectory([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "contracts-check"));
}
