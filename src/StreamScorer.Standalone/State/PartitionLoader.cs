using Microsoft.Data.Sqlite;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Publish;
using StreamScorer.Standalone.Database;

namespace StreamScorer.Standalone.State;

/// <summary>Streams a partition out of the file as of one instant, without copying a record.</summary>
internal static class PartitionLoader
{
    public static void Load(SqliteConnection connection, int partition, ILoadTarget target, CancellationToken cancellation)
    {
        using SqliteTransaction instant = connection.BeginTransaction(deferred: true);
        ForEach("SELECT customer_id, record FROM state WHERE partition = ?", row => target.LoadHot(row.Blob(0), row.Blob(1)));
        ForEach("SELECT customer_id, record FROM cold WHERE partition = ?", row => target.LoadCold(row.Blob(0), row.Blob(1)));
        long trimmedSeq = 0;
        ForEach("SELECT published_seq FROM meta WHERE partition = ?", row => trimmedSeq = row.Int64(0));
        ForEach("SELECT entries FROM outbox WHERE partition = ? ORDER BY last_seq", row => LoadOutbox(target, row.Blob(0), trimmedSeq));
        var ring = new MemoryStream();
        ForEach("SELECT ids FROM recent WHERE partition = ? ORDER BY strip", row => ring.Write(row.Blob(0)));
        target.LoadRecent(ring.GetBuffer().AsSpan(0, (int)ring.Length));
        ForEach("SELECT customer_hash, erased_at_ms FROM erased WHERE partition = ?", row => target.LoadErasure((ulong)row.Int64(0), row.Int64(1)));

        // What is trimmed of a row whose last entry is not yet stays in it.
        static void LoadOutbox(ILoadTarget target, ReadOnlySpan<byte> entries, long trimmedSeq)
        {
            while (!entries.IsEmpty)
            {
                ReadOnlySpan<byte> entry = OutboxEntry.Take(ref entries);
                if (OutboxEntry.SeqOf(entry) is var seq && seq > trimmedSeq)
                    target.LoadOutbox(seq, entry);
            }
        }

        void ForEach(string sql, Action<SqliteStatement> take)
        {
            using var rows = new SqliteStatement(connection, sql);
            rows.Bind(1, partition);
            while (rows.Step())
            {
                cancellation.ThrowIfCancellationRequested();
                take(rows);
            }
        }
    }
}
