using StreamScorer.Engine.Publish;
using StreamScorer.Engine.Source;

namespace StreamScorer.Testing.Log;

/// <summary>
/// Broker in memory: an input with several partitions, the outputs beside it, and a group of competing members.
/// A rebalance is eager, as with Kafka's range assignor: everything is revoked, then contiguous ranges are assigned.
/// </summary>
public sealed class InMemoryEventLog
{
    // Two locks: an owner that drains inside a rebalance publishes from another thread, which must not wait for the rebalance.
    private readonly Lock membership = new();
    private readonly Lock data = new();
    private readonly List<InMemoryLogMember> members = [];
    private readonly Partition[] partitions;

    /// <param name="partitionCount">Partitions of the input and of the outputs.</param>
    /// <param name="topic">Name of the input.</param>
    public InMemoryEventLog(int partitionCount, string topic = "transactions")
    {
        Topic = topic;
        partitions = [.. Enumerable.Range(0, partitionCount).Select(_ => new Partition())];
    }

    /// <summary>Name of the input.</summary>
    public string Topic { get; }

    /// <summary>Number of partitions.</summary>
    public int PartitionCount => partitions.Length;

    /// <summary>Records per delivered batch at most.</summary>
    public int BatchSizeMax { get; init; } = 500;

    /// <summary>Batches that wait in an assignment at most.</summary>
    public int QueuedBatchesMax { get; init; } = 4;

    /// <summary>Whether reported progress is told to those who ask, as a consumer group does; else nothing was ever reported for them.</summary>
    public bool TellsProgress { get; init; }

    /// <summary>Another instance that competes for the partitions once it joins.</summary>
    public InMemoryLogMember Connect() => new(this);

    /// <summary>Appends one record to the input and wakes the partition's owner.</summary>
    /// <returns>Its offset.</returns>
    public long Append(int partition, byte[]? key, byte[]? value, long timestampMs, byte[]? headers = null)
    {
        lock (data)
        {
            List<InMemoryRecord> input = partitions[partition].Input;
            input.Add(new InMemoryRecord(key, value, timestampMs, headers ?? []));
            partitions[partition].Delivery?.Wake(input.Count);
            return input.Count - 1;
        }
    }

    /// <summary>Everything ever appended to a partition of the input.</summary>
    public IReadOnlyList<InMemoryRecord> Input(int partition) => Copy(partitions[partition].Input);

    /// <summary>What was published to a partition of the transitions output.</summary>
    public IReadOnlyList<PublishedRecord> Transitions(int partition) => Copy(partitions[partition].Transitions);

    /// <summary>What was published to a partition of the dead-letter output.</summary>
    public IReadOnlyList<PublishedRecord> DeadLetters(int partition) => Copy(partitions[partition].DeadLetters);

    /// <summary>The last offset that an owner reported as its progress, or -1.</summary>
    public long Progress(int partition) => Volatile.Read(ref partitions[partition].Progress);

    /// <summary>Readable offsets of a partition.</summary>
    public OffsetRange Offsets(int partition)
    {
        lock (data)
            return new OffsetRange(partitions[partition].Low, partitions[partition].Input.Count);
    }

    /// <summary>Ends the retention of all records below <paramref name="low"/>.</summary>
    public void TrimBelow(int partition, long low)
    {
        lock (data)
            partitions[partition].Low = low;
    }

    /// <summary>Takes one partition from its owner in an orderly way and gives it to another member.</summary>
    public void Move(int partition, InMemoryLogMember to)
    {
        lock (membership)
        {
            partitions[partition].Member?.End_NeedsMembership([partition], lost: false);
            Assign_NeedsMembership(to, [partition]);
        }
    }

    /// <summary>Tells the owner that the partition already belongs to somebody else; nobody owns it until it is moved or a member joins.</summary>
    public void Lose(int partition)
    {
        lock (membership)
        {
            partitions[partition].Member?.End_NeedsMembership([partition], lost: true);
            partitions[partition].Member = null;
            partitions[partition].Delivery = null;
        }
    }

    internal void Join(InMemoryLogMember member)
    {
        lock (membership)
        {
            RevokeAll_NeedsMembership();
            members.Add(member);
            AssignAll_NeedsMembership();
        }
    }

    internal void Leave(InMemoryLogMember member)
    {
        lock (membership)
        {
            if (!members.Contains(member))
                return;
            RevokeAll_NeedsMembership();
            members.Remove(member);
            AssignAll_NeedsMembership();
        }
    }

    /// <summary>The member is gone without a word: the others get its partitions, its own owner hears nothing.</summary>
    internal void Vanish(InMemoryLogMember member)
    {
        lock (membership)
        {
            if (!members.Remove(member))
                return;
            RevokeAll_NeedsMembership();
            AssignAll_NeedsMembership();
        }
    }

    internal RecordBatch? Read(int partition, long position, int generation)
    {
        lock (data)
        {
            Partition p = partitions[partition];
            if (position < p.Low)
                throw new EventSourceException($"partition {partition}: offset {position} is below the lowest readable offset {p.Low}");
            if (position >= p.Input.Count)
                return null;
            var batch = new RecordBatch(generation);
            for (long offset = position; offset < p.Input.Count && batch.Count < BatchSizeMax; offset++)
            {
                InMemoryRecord record = p.Input[(int)offset];
                batch.Add(offset, record.TimestampMs, record.Key is not null, record.Key, record.Value is not null, record.Value, record.Headers);
            }
            return batch;
        }
    }

    internal long Publish(int partition, IReadOnlyList<OutboxEntry> entries)
    {
        lock (data)
        {
            long next = -1;
            foreach (OutboxEntry entry in entries)
            {
                List<PublishedRecord> output = entry.Kind == OutboxKind.DeadLetter ? partitions[partition].DeadLetters : partitions[partition].Transitions;
                output.Add(new PublishedRecord(output.Count, entry.Key, entry.Value, RecordHeaders.Unpack(entry.Headers)));
                if (entry.Kind != OutboxKind.DeadLetter)
                    next = output.Count;
            }
            return next;
        }
    }

    internal RecordIdentity? Identify(int partition, long offset)
    {
        lock (data)
        {
            Partition p = partitions[partition];
            if (offset < p.Low || offset >= p.Input.Count)
                return null;
            InMemoryRecord record = p.Input[(int)offset];
            return RecordIdentity.Of(record.TimestampMs, record.Value);
        }
    }

    /// <summary>Replaces the whole input of a partition, as deleting and recreating a topic does.</summary>
    public void Recreate(int partition, params IReadOnlyList<InMemoryRecord> records)
    {
        lock (data)
        {
            partitions[partition].Input.Clear();
            partitions[partition].Input.AddRange(records);
            partitions[partition].Low = 0;
        }
    }

    internal void Report(int partition, long nextOffset) => Volatile.Write(ref partitions[partition].Progress, nextOffset);

    private T[] Copy<T>(List<T> list)
    {
        lock (data)
            return [.. list];
    }

    private void RevokeAll_NeedsMembership()
    {
        foreach (InMemoryLogMember member in members)
            member.End_NeedsMembership([.. Enumerable.Range(0, PartitionCount).Where(p => partitions[p].Member == member)], lost: false);
        foreach (Partition partition in partitions)
            (partition.Member, partition.Delivery) = (null, null);
    }

    private void AssignAll_NeedsMembership()
    {
        for (int m = 0; m < members.Count; m++)
        {
            int index = m;
            Assign_NeedsMembership(members[m], [.. Enumerable.Range(0, PartitionCount).Where(p => p * members.Count / PartitionCount == index)]);
        }
    }

    private void Assign_NeedsMembership(InMemoryLogMember member, IReadOnlyList<int> share)
    {
        if (share.Count == 0)
            return;
        IReadOnlyList<InMemoryDelivery> deliveries = member.Prepare_NeedsMembership(share);
        lock (data)
        {
            foreach (InMemoryDelivery delivery in deliveries)
            {
                Partition partition = partitions[delivery.Assignment.Partition];
                (partition.Member, partition.Delivery) = (member, delivery);
                delivery.Assignment.EndOffset = partition.Input.Count;
            }
        }
        member.Begin_NeedsMembership(deliveries);
    }

    private sealed class Partition
    {
        public readonly List<InMemoryRecord> Input = [];
        public readonly List<PublishedRecord> Transitions = [];
        public readonly List<PublishedRecord> DeadLetters = [];
        public long Low;
        public long Progress = -1;
        public volatile InMemoryDelivery? Delivery;

        public InMemoryLogMember? Member { get; set; }
    }
}
