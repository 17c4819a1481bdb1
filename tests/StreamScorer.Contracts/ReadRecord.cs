using StreamScorer.Engine.Source;

namespace StreamScorer.Contracts;

/// <summary>A copy of a record as the processor sees it.</summary>
public sealed record ReadRecord(long Offset, long TimestampMs, byte[]? Key, byte[]? Value, IReadOnlyList<KeyValuePair<string, byte[]?>> Headers)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The number that <see cref="InputRecord.Numbers"/> put into it.</summary>
    public int Number => BitConverter.ToInt32(Value!);

    /// <summary>Reads batches as a processor does until there are at least <paramref name="count"/> records; fails when they do not come.</summary>
    public static async Task<List<ReadRecord>> TakeAsync(PartitionAssignment assignment, int count)
    {
        var records = new List<ReadRecord>();
        while (records.Count < count)
        {
            Xunit.Assert.True(await assignment.Records.WaitToReadAsync().AsTask().WaitAsync(Patience), "the assignment has ended");
            while (records.Count < count && assignment.TryRead(out RecordBatch? batch))
            {
                using (batch)
                    records.AddRange(Copy(batch));
            }
        }
        return records;
    }

    private static List<ReadRecord> Copy(RecordBatch batch)
    {
        var records = new List<ReadRecord>();
        for (int i = 0; i < batch.Count; i++)
        {
            SourceRecord record = batch[i];
            records.Add(new ReadRecord(
                record.Offset,
                record.TimestampMs,
                record.HasKey ? record.Key.ToArray() : null,
                record.HasValue ? record.Value.ToArray() : null,
                RecordHeaders.Unpack(record.Headers)));
        }
        Xunit.Assert.Equal(records[^1].Offset + 1, batch.NextOffset);
        return records;
    }
}
