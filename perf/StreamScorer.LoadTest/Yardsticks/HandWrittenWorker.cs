using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;
using Confluent.Kafka;
using StackExchange.Redis;
using StreamScorer.LoadTest.Subjects;

namespace StreamScorer.LoadTest.Yardsticks;

/// <summary>
/// The worker that people write by hand: Consume, deserialize into an object, HGETALL, change, HSET, for every event; a task per partition, so that partitions do not
/// wait for each other.
/// </summary>
internal static class HandWrittenWorker
{
    private const double HalfLifeDays = 365;
    private static readonly JsonSerializerOptions json = new(JsonSerializerDefaults.Web);

    /// <summary>Runs it as a process.</summary>
    public static async Task<int> RunAsync(string bootstrap, string redis, string topic)
    {
        long done = 0;
        using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(redis);
        IDatabase database = connection.GetDatabase();
        using IConsumer<string, string> consumer = new ConsumerBuilder<string, string>(new ConsumerConfig
        {
            BootstrapServers = bootstrap,
            GroupId = "hand-written",
            AutoOffsetReset = AutoOffsetReset.Earliest,
            FetchWaitMaxMs = 10,
            PartitionAssignmentStrategy = PartitionAssignmentStrategy.Range,
        }).Build();
        consumer.Subscribe(topic);
        await RoleProcess.RunAsync(
            stop =>
            {
                Consume(consumer, database, () => Interlocked.Increment(ref done), stop);
                return Task.CompletedTask;
            },
            () => Interlocked.Read(ref done));
        return 0;
    }

    private static void Consume(IConsumer<string, string> consumer, IDatabase database, Action finished, CancellationToken stop)
    {
        var partitions = new Dictionary<int, Channel<string>>();
        try
        {
            while (true)
            {
                ConsumeResult<string, string> result = consumer.Consume(stop);
                if (!partitions.TryGetValue(result.Partition.Value, out Channel<string>? channel))
                {
                    partitions[result.Partition.Value] = channel = Channel.CreateBounded<string>(1_000);
                    _ = ProcessAsync(channel.Reader, database, finished);
                }
                while (!channel.Writer.TryWrite(result.Message.Value))
                    channel.Writer.WaitToWriteAsync(stop).AsTask().Wait(stop);
            }
        }
        catch (OperationCanceledException)
        {
            consumer.Close();
        }
    }

    private static async Task ProcessAsync(ChannelReader<string> events, IDatabase database, Action finished)
    {
        await foreach (string text in events.ReadAllAsync())
        {
            Purchase purchase = JsonSerializer.Deserialize<Purchase>(text, json)!;
            RedisKey key = $"customer:{purchase.CustomerId}";
            Dictionary<string, string?> held = (await database.HashGetAllAsync(key)).ToDictionary(e => (string)e.Name!, e => (string?)e.Value);
            double value = Number(held, "value"), count = Number(held, "count");
            if (held.TryGetValue("time", out string? last))
                value *= Math.Pow(2, -(purchase.Time - DateTimeOffset.Parse(last!, CultureInfo.InvariantCulture)).TotalDays / HalfLifeDays);
            value += (double)(purchase.Amount - purchase.Cost);
            await database.HashSetAsync(key,
            [
                new("value", value), new("count", count + 1), new("time", purchase.Time.ToString("O", CultureInfo.InvariantCulture)),
                new("tier", value > 1000 ? "gold" : value > 100 ? "iron" : "lead"),
            ]);
            finished();
        }
    }

    private static double Number(Dictionary<string, string?> fields, string name) =>
        fields.TryGetValue(name, out string? text) ? double.Parse(text!, CultureInfo.InvariantCulture) : 0;

    private sealed record Purchase(string CustomerId, DateTimeOffset Time, decimal Amount, decimal Cost);
}
