using StreamScorer.Engine.Publish;
using StreamScorer.Engine.Source;
using StreamScorer.Simulation.Input;

namespace StreamScorer.Simulation.Ports;

/// <summary>The broker: input, outputs and the group's offsets, as they are now.</summary>
internal sealed class Broker(int partitions)
{
    private readonly Partition[] all = [.. Enumerable.Range(0, partitions).Select(_ => new Partition())];

    /// <summary>Number of partitions.</summary>
    public int Partitions => all.Length;

    /// <summary>Whether publishing gets through.</summary>
    public bool OutputAway { get; set; }

    /// <summary>The input of a partition; a record's place is its offset.</summary>
    public List<InputRecord> Input(int partition) => all[partition].Input;

    /// <summary>Wall clock at which each record was appended, unix milliseconds.</summary>
    public List<long> Timestamps(int partition) => all[partition].Timestamps;

    /// <summary>What was published, transitions and tombstones.</summary>
    public List<PublishedRecord> Transitions(int partition) => all[partition].Transitions;

    /// <summary>What was published, dead letters.</summary>
    public List<PublishedRecord> DeadLetters(int partition) => all[partition].DeadLetters;

    /// <summary>The group's committed offset, or -1.</summary>
    public long GroupOffset(int partition) => all[partition].GroupOffset;

    /// <summary>Whether the group has processed anything.</summary>
    public bool HasProgress => all.Any(partition => partition.GroupOffset > 0);

    /// <summary>Ids that a worker's producer sent after it had given the partition away: what it had queued cannot be taken back.</summary>
    public HashSet<string> SentLate { get; } = [];

    public void SetGroupOffset(int partition, long offset) => all[partition].GroupOffset = Math.Max(all[partition].GroupOffset, offset);

    public void Append(int partition, InputRecord record, long nowMs)
    {
        all[partition].Input.Add(record);
        all[partition].Timestamps.Add(nowMs);
    }

    /// <summary>Appends to the output; returns the position behind it, or -1 for a dead letter.</summary>
    public long Publish(int partition, OutboxEntry entry)
    {
        List<PublishedRecord> output = entry.Kind == OutboxKind.DeadLetter ? all[partition].DeadLetters : all[partition].Transitions;
        output.Add(new PublishedRecord(output.Count, entry.Key, entry.Value, RecordHeaders.Unpack(entry.Headers)));
        return entry.Kind == OutboxKind.DeadLetter ? -1 : output.Count;
    }

    private sealed class Partition
    {
        public List<InputRecord> Input { get; } = [];

        public List<long> Timestamps { get; } = [];

        public List<PublishedRecord> Transitions { get; } = [];

        public List<PublishedRecord> DeadLetters { get; } = [];

        public long GroupOffset { get; set; } = -1;
    }
}
