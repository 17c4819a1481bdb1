using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
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
    public void A_customer_is_found_whatever_slot_it_is_expected_in()
    {
        var table = new CustomerTable();
        int a = table.GetOrAdd("a"u8), b = table.GetOrAdd("b"u8), removed = table.GetOrAdd("c"u8);
        table.Remove(removed);

        Assert.All(new[] { -1, a, b, removed }, expected =>
        {
            Assert.Equal(a, table.Find("a"u8, expected));
            Assert.Equal(b, table.Find("b"u8, expected));
            Assert.Equal(-1, table.Find("c"u8, expected));
        });
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

    [Theory]
    [InlineData(1)]
    [InlineData(ShortId.Capacity)]
    [InlineData(ShortId.Capacity + 1)]
    [InlineData(256)]
    public void Ids_of_any_length_are_told_apart(int length)
    {
        var table = new CustomerTable();
        byte[] id = [.. Enumerable.Repeat((byte)'x', length)], other = [.. id[..^1], (byte)'y'];
        int slot = table.GetOrAdd(id), next = table.GetOrAdd(other);

        Assert.NotEqual(slot, next);
        Assert.Equal(slot, table.Find(id));
        Assert.Equal(next, table.Find(other));
        Assert.Equal(id, table.IdOf(slot).ToArray());
        Assert.Equal(-1, table.Find([.. id, (byte)'x']));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3_000)]
    [InlineData(9_000)]
    public void Keeps_all_customers_whether_room_was_made_before_or_not(int expected)
    {
        var table = new CustomerTable();
        table.Reserve(expected);
        ref CustomerState first = ref table.State(table.GetOrAdd("0"u8));
        for (int i = 1; i < 9_000; i++)
            table.State(table.GetOrAdd(Encoding.UTF8.GetBytes($"{i}"))).Revenue = i;
        first.Revenue = -1;

        Assert.Equal(-1, table.State(table.Find("0"u8)).Revenue);
        Assert.All(Enumerable.Range(1, 8_999), i => Assert.Equal(i, table.State(table.Find(Encoding.UTF8.GetBytes($"{i}"))).Revenue));
    }

    [Fact]
    public void A_slot_is_one_cache_line() => Assert.Equal(64, Unsafe.SizeOf<CustomerSlot>());

    [Fact]
    public void Cold_records_come_back_as_they_were_whatever_is_in_them()
    {
        var table = new CustomerTable();
        var random = new Random(11);
        var stored = new ColdState[40];
        for (int round = 0; round < 2_000; round++)
        {
            int slot = table.GetOrAdd([(byte)random.Next(1, stored.Length)]);
            ref ColdState cold = ref stored[slot];
            cold = default;
            Span<byte> bytes = MemoryMarshal.AsBytes(new Span<ColdState>(ref cold));
            for (int left = random.Next(bytes.Length); left > 0; left--)
                bytes[random.Next(1, bytes.Length)] = (byte)random.Next(256);
            cold.Layout = ColdState.CurrentLayout;
            table.SetCold(slot, in cold);
            for (int i = 0; i < table.Slots; i++)
                Assert.True(ColdState.AreSame(in stored[i], in table.Cold(i)) || (stored[i].IsEmpty && table.Cold(i).IsEmpty));
        }
    }
}
