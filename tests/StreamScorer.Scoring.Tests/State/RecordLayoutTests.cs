using StreamScorer.Scoring.State;
using Xunit;

namespace StreamScorer.Scoring.Tests.State;

/// <summary>Records that were stored once are read for ever: the files are never rewritten.</summary>
public sealed class RecordLayoutTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void A_stored_hot_record_of_every_layout_is_read(int layout)
    {
        byte[] stored = Stored($"hot-{layout}.hex");
        Assert.Equal(layout, stored[0]);
        Assert.True(CustomerState.TryRead(stored, out CustomerState state));

        Assert.Equal((CustomerFlags.Reactivated, (ushort)0x8001, 7), (state.Flags, state.RecentPurchasePeriods, state.Sequence));
        Assert.Equal((1_500_000_000_000, 1_600_000_000_000, 0x8000_0000_0000_0005), (state.FirstPurchaseMs, state.LastPurchaseMs, state.RecentPurchaseDays));
        Assert.Equal((3, 2, 1), (state.PurchaseCount, state.PurchaseDays, state.FirstDayPurchases));
        Assert.Equal((1_234_500, 0, 99_900, 500_000), (state.Revenue, state.Refunds, state.Cost, state.FirstDayRevenue));
        Assert.Equal((400_000, 500_000, 734_500), (state.FirstDayProfit, state.TicketMin, state.TicketMax));
        Assert.Equal((1.5, 2.5, 3.5), (state.DiscountedProfit, state.DecayedProfit, state.FastProfit));
        Assert.Equal((4.5, 5.5, 6.5, 99UL), (state.SlowProfit, state.FastPurchases, state.SlowPurchases, state.Categories));
        Assert.Equal((1_600_000_000_000, 1_600_000_000_001, long.MaxValue), (state.AsOfMs, state.LastAssessedMs, state.DeadlineMs));
        Assert.True(state.RecentEvents.Contains(0x1122_3344_5566));
        Assert.Equal((9, 20_000), (state.HeldTiers[11], state.SinceDays[11]));
        Assert.Equal(CustomerState.CurrentLayout, state.Layout);
    }

    [Fact]
    public void A_stored_cold_record_is_read()
    {
        Assert.True(ColdState.TryRead(Stored("cold-2.hex"), out ColdState cold));
        Assert.Equal((16_909_060u, 3, "Nürnberg"), (cold.GraceStartS[0], cold.Responses.Contacts, cold.Place.Text.ToString()));
    }

    [Fact]
    public void A_record_is_the_same_in_every_layout_and_never_longer_than_in_memory()
    {
        var random = new Random(5);
        Span<byte> scratch = stackalloc byte[CustomerState.SizeBytes];
        for (int i = 0; i < 2_000; i++)
        {
            byte[] bytes = new byte[CustomerState.SizeBytes];
            foreach (int word in Enumerable.Range(0, 32).Where(_ => random.Next(33) < 1 + i % 33))
                random.NextBytes(bytes.AsSpan(word * 8, 8));
            bytes[0] = CustomerState.CurrentLayout;
            Assert.True(CustomerState.TryRead(bytes, out CustomerState state));

            ReadOnlySpan<byte> packed = RecordLayout.Encode(in state, RecordLayout.Next, scratch);
            Assert.InRange(packed.Length, 5 + 8, CustomerState.SizeBytes);
            Assert.True(CustomerState.TryRead(packed, out CustomerState read));
            Assert.Equal(bytes, CustomerState.AsBytes(in read).ToArray());
            Assert.Equal(bytes, RecordLayout.Encode(in state, RecordLayout.Own, scratch).ToArray());
        }
    }

    [Fact]
    public void A_damaged_record_is_refused()
    {
        byte[] stored = Stored("hot-3.hex");
        for (int length = 0; length < stored.Length; length++)
            Assert.False(CustomerState.TryRead(stored.AsSpan(0, length), out _));
        Assert.False(CustomerState.TryRead([.. stored, 0], out _));
        for (int bit = 0; bit < 32; bit++)
        {
            byte[] damaged = [.. stored];
            damaged[1 + bit / 8] ^= (byte)(1 << bit % 8);
            Assert.False(CustomerState.TryRead(damaged, out _));
        }
        stored[5]++;
        Assert.False(CustomerState.TryRead(stored, out _));
    }

    [Fact]
    public void A_layout_that_is_not_known_is_refused()
    {
        byte[] stored = Stored("hot-3.hex");
        stored[0] = RecordLayout.Next + 1;
        Assert.False(CustomerState.TryRead(stored, out _));
        Assert.Equal([false, true, true, false], new[] { 1, 2, 3, 4 }.Select(RecordLayout.IsRead));
    }

    private static byte[] Stored(string file) =>
        Convert.FromHexString(System.Text.Encoding.ASCII.GetString(Golden.Read($"tests/StreamScorer.Scoring.Tests/State/Stored/{file}")).ReplaceLineEndings(""));
}
