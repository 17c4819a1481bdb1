using System.Buffers.Binary;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Publish;
using StreamScorer.Testing.State;
using Xunit;

namespace StreamScorer.Contracts;

/// <summary>What is committed is what is loaded and read, byte for byte.</summary>
public abstract partial class StateStoreContract
{
    [Fact]
    public async Task A_new_partition_loads_as_empty()
    {
        LoadedPartition loaded = await (await ClaimedAsync()).LoadAsync();
        Assert.Empty(loaded.Hot);
        Assert.Empty(loaded.Cold);
        Assert.Empty(loaded.Outbox);
        Assert.Empty(loaded.Recent);
    }

    [Fact]
    public async Task Ids_and_records_of_any_bytes_come_back_as_they_were()
    {
        var random = new Random(1);
        var expected = new SortedDictionary<byte[], byte[]>(ByteOrder.Instance);
        for (int i = 0; i < 300; i++)
            expected[RandomBytes(random, random.Next(1, 64))] = RandomBytes(random, random.Next(1, 300));
        expected[[0]] = [0];
        expected[[]] = [1];
        expected[[2]] = [];
        expected["{}:*?[]\\\r\n"u8.ToArray()] = [0xff];
        StoreOwner owner = await ClaimedAsync();

        await AppliedAsync(owner.CommitAsync(commit =>
        {
            foreach ((byte[] id, byte[] record) in expected)
            {
                commit.PutHot(id, record);
                commit.PutCold(id, record.Reverse().ToArray());
            }
        }));

        LoadedPartition loaded = await owner.LoadAsync();
        Assert.Equal(expected.Select(Hex), loaded.Hot.Select(Hex));
        Assert.Equal(expected.Select(entry => Hex(KeyValuePair.Create(entry.Key, entry.Value.Reverse().ToArray()))), loaded.Cold.Select(Hex));
    }

    [Fact]
    public async Task A_later_record_replaces_the_earlier_one_and_only_that()
    {
        StoreOwner owner = await ClaimedAsync();
        await AppliedAsync(owner.CommitAsync(commit =>
        {
            commit.PutHot(Id("a"), Record(1));
            commit.PutHot(Id("b"), Record(2));
            commit.PutCold(Id("a"), Record(3));
        }));
        await AppliedAsync(owner.CommitAsync(commit => commit.PutHot(Id("a"), [9])));

        LoadedPartition loaded = await owner.LoadAsync();
        Assert.Equal([9], loaded.Hot[Id("a")]);
        Assert.Equal(Record(2), loaded.Hot[Id("b")]);
        Assert.Equal(Record(3), loaded.Cold[Id("a")]);
    }

    [Fact]
    public async Task A_removed_cold_record_is_gone_and_the_hot_one_stays()
    {
        StoreOwner owner = await ClaimedAsync();
        await AppliedAsync(owner.CommitAsync(Everything));
        await AppliedAsync(owner.CommitAsync(commit => commit.RemoveCold(Id("everything"))));

        LoadedPartition loaded = await owner.LoadAsync();
        Assert.Empty(loaded.Cold);
        Assert.Single(loaded.Hot);
        Assert.Empty((await Store.ReadCustomerAsync(0, Id("everything"), CancellationToken.None))!.Cold);
    }

    [Fact]
    public async Task A_removed_customer_is_gone_hot_and_cold()
    {
        StoreOwner owner = await ClaimedAsync();
        await AppliedAsync(owner.CommitAsync(Everything));
        await AppliedAsync(owner.CommitAsync(commit => commit.RemoveCustomer(Id("everything"))));

        LoadedPartition loaded = await owner.LoadAsync();
        Assert.Empty(loaded.Hot);
        Assert.Empty(loaded.Cold);
        Assert.Null(await Store.ReadCustomerAsync(0, Id("everything"), CancellationToken.None));
    }

    [Fact]
    public async Task Removing_what_is_not_there_is_fine()
    {
        StoreOwner owner = await ClaimedAsync();
        await AppliedAsync(owner.CommitAsync(commit =>
        {
            commit.RemoveCustomer(Id("nobody"));
            commit.RemoveCold(Id("no one"));
        }));
        Assert.Empty((await owner.LoadAsync()).Hot);
    }

    [Fact]
    public async Task Writes_of_one_customer_take_effect_in_their_order()
    {
        StoreOwner owner = await ClaimedAsync();
        await AppliedAsync(owner.CommitAsync(commit =>
        {
            commit.PutHot(Id("erased"), Record(1));
            commit.PutCold(Id("erased"), Record(1));
            commit.PutHot(Id("between"), Record(2));
            commit.RemoveCustomer(Id("erased"));
            commit.RemoveCustomer(Id("returned"));
            commit.PutHot(Id("returned"), Record(3));
        }));

        LoadedPartition loaded = await owner.LoadAsync();
        Assert.Equal([Id("between"), Id("returned")], loaded.Hot.Keys);
        Assert.Empty(loaded.Cold);
    }

    [Fact]
    public async Task Outbox_entries_load_by_sequence_until_they_are_trimmed()
    {
        StoreOwner owner = await ClaimedAsync();
        var entries = new List<OutboxEntry>();
        for (int batch = 0; batch < 3; batch++)
            await AppliedAsync(owner.CommitAsync(commit =>
            {
                for (int i = 0; i < 700; i++)
                {
                    entries.Add(owner.Entry($"entry {batch} {i}", ahead: i, i % 3 == 0 ? OutboxKind.DeadLetter : OutboxKind.Transition));
                    commit.Append(entries[^1]);
                }
            }));
        Assert.Equal(entries.Select(entry => KeyValuePair.Create(entry.Seq, entry.Encode())), (await owner.LoadAsync()).Outbox);

        await AppliedAsync(owner.CommitAsync(commit => commit.Append(owner.Entry("last")), trimThroughSeq: 2_099));

        LoadedPartition loaded = await owner.LoadAsync();
        Assert.Equal([2_100, 2_101], loaded.Outbox.Select(entry => entry.Key));
        Assert.Equal("last", OutboxEntry.Decode(loaded.Outbox[^1].Value).Id);
    }

    [Fact]
    public async Task The_outbox_is_trimmed_over_a_leap_of_the_sequence_and_by_the_next_owner()
    {
        StoreOwner former = await ClaimedAsync();
        await AppliedAsync(former.CommitAsync(commit => commit.Append(former.Entry("before")), meta => meta with { OutboxSeq = meta.OutboxSeq + 2_500 }));
        await AppliedAsync(former.CommitAsync(commit => commit.Append(former.Entry("behind"))));

        StoreOwner next = await ClaimedAsync();
        await AppliedAsync(next.CommitAsync(commit => commit.Append(next.Entry("last")), trimThroughSeq: 2_502));

        KeyValuePair<long, byte[]> left = Assert.Single((await next.LoadAsync()).Outbox);
        Assert.Equal((2_503, "last"), (left.Key, OutboxEntry.Decode(left.Value).Id));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 400)]
    [InlineData(PartitionMeta.RecentCapacity - 5, 5)]
    [InlineData(PartitionMeta.RecentCapacity - 5, 6)]
    [InlineData(PartitionMeta.RecentCapacity - 300, 70_000)]
    [InlineData(PartitionMeta.RecentCapacity, PartitionMeta.RecentCapacity + 700)]
    public async Task The_duplicates_ring_keeps_the_newest_ids_in_their_slots(int first, int second)
    {
        StoreOwner owner = await ClaimedAsync();
        ulong next = 1;
        foreach (int count in new[] { first, second })
            await AppliedAsync(owner.CommitAsync(commit =>
            {
                for (int i = 0; i < count; i++)
                    commit.Remember(next++ * 0x9E3779B97F4A7C15);
            }));

        byte[] ring = (await owner.LoadAsync()).Recent;

        Assert.Equal(Math.Min(first + second, PartitionMeta.RecentCapacity) * sizeof(ulong), ring.Length);
        for (long written = Math.Max(0, first + second - PartitionMeta.RecentCapacity); written < first + second; written++)
        {
            int slot = (int)(written % PartitionMeta.RecentCapacity) * sizeof(ulong);
            Assert.Equal((ulong)(written + 1) * 0x9E3779B97F4A7C15, BinaryPrimitives.ReadUInt64LittleEndian(ring.AsSpan(slot)));
        }
    }

    [Fact]
    public async Task The_population_is_replaced_when_a_commit_brings_one_and_stays_otherwise()
    {
        StoreOwner zero = await ClaimedAsync(partition: 0);
        StoreOwner two = await ClaimedAsync(partition: 2);
        await AppliedAsync(zero.CommitAsync(commit => commit.PutPopulation([1])));
        await AppliedAsync(zero.CommitAsync(commit => commit.PutPopulation([2, 2])));
        await AppliedAsync(zero.CommitAsync());
        await AppliedAsync(two.CommitAsync(commit => commit.PutPopulation([3])));

        Assert.Equal([[2, 2], null, [3]], await Store.ReadPopulationsAsync(3, CancellationToken.None));
        Assert.Equal([[2, 2], null], await Store.ReadPopulationsAsync(2, CancellationToken.None));
    }

    [Fact]
    public async Task Customers_are_read_without_owning_the_partition()
    {
        StoreOwner owner = await ClaimedAsync();
        await AppliedAsync(owner.CommitAsync(commit =>
        {
            for (int i = 0; i < 2_500; i++)
            {
                commit.PutHot(Id($"customer {i}"), BitConverter.GetBytes(i));
                if (i % 10 == 0)
                    commit.PutCold(Id($"customer {i}"), BitConverter.GetBytes(-i));
            }
        }));

        StoredCustomer? withCold = await Store.ReadCustomerAsync(0, Id("customer 20"), CancellationToken.None);
        StoredCustomer? withoutCold = await Store.ReadCustomerAsync(0, Id("customer 21"), CancellationToken.None);
        List<StoredCustomer> all = await Store.ReadCustomersAsync(0, CancellationToken.None).ToListAsync();

        Assert.Equal(BitConverter.GetBytes(20), withCold!.Hot);
        Assert.Equal(BitConverter.GetBytes(-20), withCold.Cold);
        Assert.Equal(BitConverter.GetBytes(21), withoutCold!.Hot);
        Assert.Empty(withoutCold.Cold);
        Assert.Null(await Store.ReadCustomerAsync(0, Id("customer 2500"), CancellationToken.None));
        Assert.Null(await Store.ReadCustomerAsync(1, Id("customer 20"), CancellationToken.None));
        Assert.Equal(2_500, all.DistinctBy(customer => Convert.ToHexString(customer.CustomerId)).Count());
        Assert.All(all, customer => Assert.Equal(ColdOf(BitConverter.ToInt32(customer.Hot)), customer.Cold));
        Assert.Empty(await Store.ReadCustomersAsync(1, CancellationToken.None).ToListAsync());
        Assert.Equal(owner.Meta, await Store.ReadMetaAsync(0, CancellationToken.None));

        static byte[] ColdOf(int i) => i % 10 == 0 ? BitConverter.GetBytes(-i) : [];
    }

    private static string Hex(KeyValuePair<byte[], byte[]> entry) => $"{Convert.ToHexString(entry.Key)} {Convert.ToHexString(entry.Value)}";

    private static byte[] RandomBytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
