using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using StreamScorer.Engine.Commit;

namespace StreamScorer.Redis;

/// <summary>
/// A commit as the commands of one MULTI/EXEC, which the server takes only while the fence is the expected one (WATCH). About twice as fast as a script.
/// Written as they are sent: objects made of every field would be alive while the server works, and so outlive a collection.
/// </summary>
internal sealed class CommitTransaction(PartitionKeys keys, RespWriter writer)
{
    private readonly string meta = keys.Meta, state = keys.State, cold = keys.Cold, outbox = keys.Outbox, recent = keys.Recent, population = keys.Population,
        erased = keys.Erased;

    private readonly ArrayBufferWriter<byte> piece = new();
    private int commands;

    /// <summary>Watches the fence and asks for it. Two replies.</summary>
    public void WriteWatch(RespWriter target)
    {
        target.Command("WATCH", 1).Add(meta);
        target.Command("HGET", 2).Add(meta).Add("fence"u8);
    }

    /// <summary>Raises the epoch. One reply: the meta and the names of the runs in the outbox.</summary>
    public void WriteClaim(long nowUnixMs, PartitionMeta created)
    {
        writer.Command("EVAL", 2 + keys.All.Length + 1 + (2 * MetaHash.Fields)).Add(RedisScripts.Claim).Add(keys.All.Length);
        foreach (string key in keys.All)
            writer.Add(key);
        writer.Add(nowUnixMs);
        MetaHash.Write(writer, created);
    }

    /// <summary>All of a commit.</summary>
    /// <param name="commit">What to write.</param>
    /// <param name="outboxRuns">What it trims.</param>
    /// <returns>Number of commands between MULTI and EXEC.</returns>
    public int Write(PartitionCommit commit, OutboxRuns outboxRuns)
    {
        commands = 0;
        writer.Command("MULTI", 0);
        AddMeta(commit);
        if (commit.ResetsState)
            Command("DEL", 4).Add(state).Add(cold).Add(recent).Add(population);
        AddCustomers(commit, state, CustomerWriteKind.PutHot, CustomerWriteKind.RemoveCustomer, CustomerWriteKind.RemoveCustomer);
        AddCustomers(commit, cold, CustomerWriteKind.PutCold, CustomerWriteKind.RemoveCold, CustomerWriteKind.RemoveCustomer);
        AddErasures(commit);
        TrimOutbox(outboxRuns);
        AddOutbox(commit);
        AddRecent(commit);
        if (commit.Population is { } sketch)
            Command("SET", 2).Add(population).Add(sketch);
        writer.Command("EXEC", 0);
        return commands;
    }

    private RespWriter Command(string name, int arguments)
    {
        commands++;
        return writer.Command(name, arguments);
    }

    private void AddMeta(PartitionCommit commit)
    {
        Command("HMSET", 1 + (2 * MetaHash.Fields)).Add(meta);
        MetaHash.Write(writer, commit.Next);
    }

    // One command for each run of equal writes: the hash ends as if they had come one by one.
    private void AddCustomers(PartitionCommit commit, string hash, CustomerWriteKind put, CustomerWriteKind remove, CustomerWriteKind alsoRemove)
    {
        ReadOnlySpan<CustomerWrite> writes = commit.Writes;
        for (int first = 0; first < writes.Length;)
        {
            bool puts = writes[first].Kind == put;
            int end = first, count = 0;
            for (; end < writes.Length && (Skipped(writes[end].Kind) || (writes[end].Kind == put) == puts); end++)
                count += Skipped(writes[end].Kind) ? 0 : 1;
            if (count > 0)
                Command(puts ? "HMSET" : "HDEL", 1 + (puts ? 2 * count : count)).Add(hash);
            for (; first < end; first++)
            {
                ref readonly CustomerWrite write = ref writes[first];
                if (Skipped(write.Kind))
                    continue;
                writer.Add(commit.CustomerId(in write));
                if (puts)
                    writer.Add(commit.Record(in write));
            }
        }

        bool Skipped(CustomerWriteKind kind) => kind != put && kind != remove && kind != alsoRemove;
    }

    private void AddErasures(PartitionCommit commit)
    {
        foreach (ErasureWrite erasure in commit.Erasures)
        {
            string field = erasure.CustomerHash.ToString("x16", CultureInfo.InvariantCulture);
            if (erasure.ErasedAtMs is { } at)
                Command("HSET", 3).Add(erased).Add(field).Add(at);
            else
                Command("HDEL", 2).Add(erased).Add(field);
        }
    }

    private void TrimOutbox(OutboxRuns outboxRuns)
    {
        if (outboxRuns.TrimmingCount == 0)
            return;
        Command("HDEL", 1 + outboxRuns.TrimmingCount).Add(outbox);
        foreach (OutboxRun run in outboxRuns.Trimming)
            writer.Add(run.Name);
    }

    private void AddOutbox(PartitionCommit commit)
    {
        if (OutboxRun.Of(commit) is not { } run)
            return;
        int length = 0;
        for (int i = 0; i < commit.Outbox.Count; i++)
            length += commit.Outbox[i].EncodedLength;
        Span<byte> rest = Command("HMSET", 3).Add(outbox).Add(run.Name).AddRoom(length);
        for (int i = 0; i < commit.Outbox.Count; i++)
            rest = rest[commit.Outbox[i].Encode(rest)..];
    }

    /// <summary>Writes the new ids into their slots: one piece, or more where they pass the end of the ring.</summary>
    private void AddRecent(PartitionCommit commit)
    {
        ReadOnlySpan<ulong> ids = commit.RecentIds;
        for (long number = commit.Next.RecentCount - ids.Length; !ids.IsEmpty;)
        {
            int slot = (int)(number % PartitionMeta.RecentCapacity);
            int count = Math.Min(ids.Length, PartitionMeta.RecentCapacity - slot);
            piece.ResetWrittenCount();
            Span<byte> bytes = piece.GetSpan(count * sizeof(ulong));
            for (int i = 0; i < count; i++)
                BinaryPrimitives.WriteUInt64LittleEndian(bytes[(i * sizeof(ulong))..], ids[i]);
            piece.Advance(count * sizeof(ulong));
            Command("SETRANGE", 3).Add(recent).Add(slot * sizeof(ulong)).Add(piece.WrittenSpan);
            ids = ids[count..];
            number += count;
        }
    }
}
