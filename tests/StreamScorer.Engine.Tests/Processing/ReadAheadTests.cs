using System.Text;
using StreamScorer.Engine.Processing;
using StreamScorer.Engine.Source;

namespace StreamScorer.Engine.Tests.Processing;

public sealed class ReadAheadTests
{
    private const int Customers = 5_000;

    [Theory]
    [InlineData(0, 100)]
    [InlineData(37, 100)]
    [InlineData(0, 3)]
    [InlineData(99, 100)]
    public void Knows_the_slot_of_each_known_customer_and_of_nobody_else(int from, int end)
    {
        var table = new CustomerTable();
        for (int i = 0; i < Customers; i++)
            table.GetOrAdd(IdOf(i));
        using RecordBatch batch = BatchOf(100);
        var ahead = new ReadAhead(table);

        ahead.Begin(from);

        for (int record = from; record < end; record++)
            Assert.Equal(table.Find(batch.KeyAt(record)), ahead.SlotOf(batch, record, end));
    }

    [Fact]
    public void Begins_anew_where_the_fold_goes_on()
    {
        var table = new CustomerTable();
        int slot = table.GetOrAdd(IdOf(7));
        using RecordBatch batch = BatchOf(12);
        var ahead = new ReadAhead(table);
        ahead.Begin(0);
        ahead.SlotOf(batch, 0, 12);
        table.Remove(slot);
        ahead.Begin(1);

        Assert.All(Enumerable.Range(1, 11), record => Assert.Equal(-1, ahead.SlotOf(batch, record, 12)));
    }

    // Each third record is of a customer who is not there, each fifth has no key.
    private static RecordBatch BatchOf(int records)
    {
        var batch = new RecordBatch(1);
        for (int i = 0; i < records; i++)
            batch.Add(i, 0, i % 5 != 0, i % 5 != 0 ? IdOf(i % 3 == 0 ? Customers + i : i * 7) : default, true, "{}"u8, default);
        return batch;
    }

    private static byte[] IdOf(int customer) => Encoding.UTF8.GetBytes($"customer-{customer}");
}
