using System.Globalization;
using System.Text;
using StreamScorer.Engine;
using StreamScorer.Engine.Decode;
using StreamScorer.Engine.Source;
using StreamScorer.Simulation.World;

namespace StreamScorer.Simulation.Input;

/// <summary>Writes the input of a run: customers who buy, complain, fall silent, are erased and come back.</summary>
internal sealed class InputGenerator
{
    private const long HourMs = 3_600_000, DayMs = 24 * HourMs;
    private readonly Scenario scenario;
    private readonly Random random;
    private readonly List<InputRecord>[] written;
    private readonly List<byte[]> customers = [];
    private readonly long[] clockMs;
    private int ids;

    public InputGenerator(Scenario scenario, long startMs)
    {
        (this.scenario, random) = (scenario, scenario.Random);
        written = [.. Enumerable.Range(0, scenario.Partitions).Select(_ => new List<InputRecord>())];
        clockMs = [.. Enumerable.Repeat(startMs, scenario.Partitions)];
        for (int i = 0; i < scenario.Customers; i++)
            customers.Add(Encoding.UTF8.GetBytes($"c{i}"));
    }

    /// <summary>Ids of the customers by number.</summary>
    public IReadOnlyList<byte[]> Customers => customers;

    /// <summary>Partition of a customer.</summary>
    public int PartitionOf(int customer) => Partitioner.Murmur2(customers[customer], scenario.Partitions);

    /// <summary>The next record and its partition.</summary>
    /// <param name="nowMs">Wall clock; the time of events when that is the engine's clock.</param>
    public (int Partition, InputRecord Record) Next(long nowMs)
    {
        int customer = random.Next(customers.Count), partition = PartitionOf(customer);
        List<InputRecord> before = written[partition];
        if (scenario.Has(Fault.Duplicates) && before.Count > 0 && random.Next(6) == 0)
            return Write(partition, before[random.Next(3) == 0 ? random.Next(before.Count) : before.Count - 1]);
        if (scenario.Has(Fault.Poison) && random.Next(12) == 0)
            return Write(partition, Poison.Next(random, customer, customers[customer], clockMs[partition]));
        if (scenario.Has(Fault.ClockJumps) && random.Next(40) == 0)
            return Write(partition, FarFuture(customer, nowMs));
        long timeMs = NextTime(partition, nowMs);
        if (scenario.Has(Fault.Erasures) && random.Next(15) == 0)
            return Write(partition, Erase(customer, timeMs));
        return Write(partition, Event(customer, timeMs));
    }

    /// <summary>The record that ends a partition's input when events are its clock.</summary>
    public InputRecord Clock(int partition)
    {
        clockMs[partition] += (scenario.Has(Fault.Silence) ? 250 : 10) * DayMs;
        string json = $$"""{"type":"clock","time":"{{Time(clockMs[partition])}}"}""";
        return new InputRecord(RecordKind.Clock, -1, clockMs[partition], null, Encoding.UTF8.GetBytes(json));
    }

    private (int Partition, InputRecord Record) Write(int partition, InputRecord record)
    {
        written[partition].Add(record);
        return (partition, record);
    }

    private long NextTime(int partition, long nowMs)
    {
        if (scenario.Options.Clock == ClockMode.Wall)
            clockMs[partition] = nowMs;
        else if (scenario.Has(Fault.Silence) && random.Next(25) == 0)
            clockMs[partition] += random.Next(10, 150) * DayMs + random.Next(1000);
        else if (random.Next(4) > 0)
            clockMs[partition] += random.NextInt64(4 * DayMs);
        bool isLate = scenario.Has(Fault.OutOfOrder) && random.Next(4) == 0;
        return isLate ? clockMs[partition] - random.NextInt64(random.Next(3) == 0 ? 100 * DayMs : HourMs) : clockMs[partition];
    }

    private InputRecord FarFuture(int customer, long nowMs)
    {
        // With the wall clock, two hours ahead may have come before the record is read.
        long timeMs = nowMs + (random.Next(2) == 0 && scenario.Options.Clock == ClockMode.Event ? 2 * HourMs : 3650 * DayMs);
        return Event(customer, timeMs) with { Kind = RecordKind.Poison, Reason = RejectionReason.FutureTimestamp };
    }

    private InputRecord Erase(int customer, long timeMs)
    {
        byte[] key = customers[customer];
        string json = $$"""{"customerId":"{{Encoding.UTF8.GetString(key)}}","id":"x{{ids++}}","time":"{{Time(timeMs)}}","type":"erase"}""";
        return new InputRecord(RecordKind.Erase, customer, timeMs, key, random.Next(2) == 0 ? null : Encoding.UTF8.GetBytes(json));
    }

    private InputRecord Event(int customer, long timeMs)
    {
        byte[] key = customers[customer];
        string json = $$"""{"customerId":"{{Encoding.UTF8.GetString(key)}}","id":"e{{ids++}}","time":"{{Time(timeMs)}}",{{Details()}}}""";
        return new InputRecord(RecordKind.Event, customer, timeMs, key, Encoding.UTF8.GetBytes(json));
    }

    private string Details() => random.Next(20) switch
    {
        < 11 => $"\"type\":\"purchase\",\"amount\":{Amount()},\"cost\":{random.Next(40)},\"category\":\"k{random.Next(6)}\"",
        11 => $"\"type\":\"refund\",\"amount\":{random.Next(1, 60)}" + (ids > 1 ? $",\"refundOf\":\"e{random.Next(ids)}\"" : ""),
        12 => $"\"type\":\"cost\",\"amount\":{random.Next(1, 50)},\"reason\":\"{(random.Next(2) == 0 ? "acquisition" : "service")}\"",
        13 => "\"type\":\"contact\"",
        14 => "\"type\":\"response\"",
        15 => $"\"type\":\"satisfaction\",\"rating\":{random.Next(1, 6)}",
        16 => $"\"type\":\"complaint\",\"severity\":{random.Next(1, 4)},\"resolved\":{(random.Next(2) == 0 ? "true" : "false")}",
        17 => "\"type\":\"referral\"",
        18 => $"\"type\":\"information\",\"action\":\"{(random.Next(2) == 0 ? "collected" : "used")}\",\"points\":{random.Next(1, 9)}",
        _ => random.Next(8) == 0 ? "\"type\":\"defection\",\"induced\":true" : $"\"type\":\"wallet\",\"amount\":{random.Next(1, 5000)}",
    };

    private string Amount() => ((random.Next(4) == 0 ? random.Next(100_000) : random.Next(12_000)) / 100m).ToString(CultureInfo.InvariantCulture);

    private static string Time(long unixMs) =>
        DateTimeOffset.FromUnixTimeMilliseconds(unixMs).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
