using System.Buffers;
using Microsoft.Data.Sqlite;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Publish;
using StreamScorer.Standalone.Database;

namespace StreamScorer.Standalone.State;

/// <summary>Claims and commits, inside a transaction of the caller's.</summary>
internal sealed class StateWriter : IDisposable
{
    private readonly List<SqliteStatement> statements = [];
    private readonly SqliteStatement selectMeta;
    private readonly SqliteStatement replaceMeta;
    private readonly SqliteStatement putHot;
    private readonly SqliteStatement putCold;
    private readonly SqliteStatement removeHot;
    private readonly SqliteStatement removeCold;
    private readonly SqliteStatement appendOutbox;
    private readonly SqliteStatement trimOutbox;
    private readonly SqliteStatement replacePopulation;
    private readonly SqliteStatement putErasure;
    private readonly SqliteStatement removeErasure;
    private readonly SqliteStatement[] resets;
    private readonly RecentWriter recent;
    private readonly ArrayBufferWriter<byte> outbox = new();

    public StateWriter(SqliteConnection connection)
    {
        selectMeta = Prepare(MetaTable.SelectSql);
        replaceMeta = Prepare(MetaTable.ReplaceSql);
        // Not REPLACE, which deletes and inserts: an update overwrites a record of the same size in place.
        putHot = Prepare("INSERT INTO state VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET record = excluded.record");
        putCold = Prepare("INSERT INTO cold VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET record = excluded.record");
        removeHot = Prepare("DELETE FROM state WHERE partition = ? AND customer_id = ?");
        removeCold = Prepare("DELETE FROM cold WHERE partition = ? AND customer_id = ?");
        appendOutbox = Prepare("INSERT INTO outbox VALUES (?, ?, ?)");
        trimOutbox = Prepare("DELETE FROM outbox WHERE partition = ? AND last_seq <= ?");
        replacePopulation = Prepare("INSERT OR REPLACE INTO population VALUES (?, ?)");
        putErasure = Prepare("INSERT OR REPLACE INTO erased VALUES (?, ?, ?)");
        removeErasure = Prepare("DELETE FROM erased WHERE partition = ? AND customer_hash = ?");
        resets = [.. new[] { "state", "cold", "recent", "population" }.Select(table => Prepare($"DELETE FROM {table} WHERE partition = ?"))];
        recent = new RecentWriter(Prepare(RecentWriter.SelectSql), Prepare(RecentWriter.ReplaceSql));

        SqliteStatement Prepare(string sql)
        {
            var statement = new SqliteStatement(connection, sql);
            statements.Add(statement);
            return statement;
        }
    }

    /// <summary>Raises the epoch; creates the partition when it was never claimed.</summary>
    public PartitionMeta Claim(int partition, long nowUnixMs, long incarnationIfNew)
    {
        PartitionMeta meta = MetaTable.Find(selectMeta, partition) ?? PartitionMeta.Empty with { Incarnation = incarnationIfNew };
        meta = meta with { Fence = meta.Fence.Raise(nowUnixMs) };
        MetaTable.Replace(replaceMeta, partition, meta);
        return meta;
    }

    /// <summary>Writes the commit if its fence is the stored one, else nothing.</summary>
    public CommitOutcome Commit(int partition, PartitionCommit commit)
    {
        CommitOutcome outcome = Fence.Judge(MetaTable.Find(selectMeta, partition)?.Fence, commit.Expected);
        if (outcome != CommitOutcome.Applied)
            return outcome;
        MetaTable.Replace(replaceMeta, partition, commit.Next);
        foreach (SqliteStatement reset in commit.ResetsState ? resets : [])
            reset.Bind(1, partition).Run();
        foreach (CustomerWrite write in commit.Writes)
            Write(partition, commit, write);
        if (commit.TrimThroughSeq > 0)
            trimOutbox.Bind(1, partition).Bind(2, commit.TrimThroughSeq).Run();
        AppendOutbox(partition, commit.Outbox);
        recent.Write(partition, commit);
        if (commit.Population is { } sketch)
            replacePopulation.Bind(1, partition).Bind(2, sketch).Run();
        foreach (ErasureWrite erasure in commit.Erasures)
        {
            if (erasure.ErasedAtMs is { } at)
                putErasure.Bind(1, partition).Bind(2, (long)erasure.CustomerHash).Bind(3, at).Run();
            else
                removeErasure.Bind(1, partition).Bind(2, (long)erasure.CustomerHash).Run();
        }
        return CommitOutcome.Applied;
    }

    /// <inheritdoc/>
    public void Dispose() => statements.ForEach(statement => statement.Dispose());

    // One row for all of a commit: thousands of rows of a page's quarter each would be written, read and freed for as many publications.
    private void AppendOutbox(int partition, IReadOnlyList<OutboxEntry> entries)
    {
        if (entries.Count == 0)
            return;
        outbox.ResetWrittenCount();
        foreach (OutboxEntry entry in entries)
            entry.EncodeTo(outbox);
        appendOutbox.Bind(1, partition).Bind(2, entries[^1].Seq).Bind(3, outbox.WrittenSpan).Run();
    }

    private void Write(int partition, PartitionCommit commit, in CustomerWrite write)
    {
        ReadOnlySpan<byte> id = commit.CustomerId(write);
        switch (write.Kind)
        {
            case CustomerWriteKind.PutHot:
                putHot.Bind(1, partition).Bind(2, id).Bind(3, commit.Record(write)).Run();
                break;
            case CustomerWriteKind.PutCold:
                putCold.Bind(1, partition).Bind(2, id).Bind(3, commit.Record(write)).Run();
                break;
            case CustomerWriteKind.RemoveCold:
                removeCold.Bind(1, partition).Bind(2, id).Run();
                break;
            case CustomerWriteKind.RemoveCustomer:
                removeHot.Bind(1, partition).Bind(2, id).Run();
                removeCold.Bind(1, partition).Bind(2, id).Run();
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(write), write.Kind, "not a customer write");
        }
    }
}
