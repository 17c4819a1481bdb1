using System.Text;
using StreamScorer.Engine.Processing;
using StreamScorer.Scoring.State;

namespace StreamScorer.Engine.Tests.Processing;

public sealed class CustomerTableTests
{
    [Fact]
    public void Agrees_with_a_dictionary_through_adding_and_removing()
    {
        var table = new CustomerTable();
        var naive = new Dictionary<string, long>();
        var random = new Random(7);
        for (int i = 0; i < 60_000; i++)
        {
            string id = "customer-" + random.Next(9_000);
            byte[] key = Encoding.UTF8.GetBytes(id);
            if (random.Next(3) == 0)
            {
                int slot = table.Find(key);
                Assert.Equal(naive.Remove(id), slot >= 0);
                if (slot >= 0)
                    table.Remove(slot);
            }
            else
            {
                table.State(table.GetOrAdd(key)).Revenue = i;
                naive[id] = i;
            }
        }
        Assert.Equal(naive.Count, table.Count);
        Assert.All(naive, e => Assert.Equal(e.Value, table.State(table.Find(Encoding.UTF8.GetBytes(e.Key))).Revenue));
    }

    [Fact]
    public void A_slot_used_again_starts_empty()
    {
        var table = new CustomerTable();
        int slot = table.GetOrAdd("a"u8);
        table.State(slot).Revenue = 5;
        var cold = default(ColdState);
        cold.GraceStartS[1] = 9;
        Assert.Equal(ColdChange.Put, table.SetCold(slot, in cold));
        table.Remove(slot);

        Assert.Equal(slot, table.GetOrAdd("b"u8));
        Assert.Equal(0, table.State(slot).Revenue);
        Assert.True(table.Cold(slot).IsEmpty);
        Assert.Equal(-1, table.Find("a"u8));
        Assert.Equal("b"u8.ToArray(), table.IdOf(slot).ToArray());
    }

    [Fact]
    public void A_cold_record_exists_only_while_it_holds_something()
    {
        var table = new CustomerTable();
        int slot = table.GetOrAdd("a"u8);
        var cold = default(ColdState);
        Assert.Equal(ColdChange.None, table.SetCold(slot, in cold));
        cold.GraceStartS[0] = 1;
        Assert.Equal(ColdChange.Put, table.SetCold(slot, in cold));
        Assert.Equal(ColdChange.None, table.SetCold(slot, table.Cold(slot)));
        Assert.Equal(1, table.ColdCount);
        Assert.Equal(ColdChange.Removed, table.SetCold(slot, default));
        Assert.Equal(0, table.ColdCount);
    }
}
