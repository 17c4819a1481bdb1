using System.Runtime.CompilerServices;
using StreamScorer.Scoring.State;
using Xunit;

namespace StreamScorer.Scoring.Tests.State;

public sealed class CustomerStateTests
{
    [Fact]
    public void The_record_has_256_bytes_without_references()
    {
        Assert.Equal(256, Unsafe.SizeOf<CustomerState>());
        Assert.Equal(CustomerState.SizeBytes, Unsafe.SizeOf<CustomerState>());
        Assert.False(RuntimeHelpers.IsReferenceOrContainsReferences<CustomerState>());
    }

    [Fact]
    public void The_stored_bytes_are_the_fields_in_their_order()
    {
        CustomerState state = Filled();
        byte[] golden = new byte[256];
        using var writer = new BinaryWriter(new MemoryStream(golden));
        writer.Write((byte)2); // layout
        writer.Write((byte)1); // flags
        writer.Write((ushort)0x8001); // purchase periods
        writer.Write(7); // sequence
        foreach (long value in (long[])[1_000, 2_000, unchecked((long)0x8000_0000_0000_0005)])
            writer.Write(value); // first and last purchase, purchase days
        foreach (int value in (int[])[3, 4, 5])
            writer.Write(value); // purchases, days, purchases of the first day
        foreach (long value in (long[])[10, 11, 12, 13, 14, 15, 16])
            writer.Write(value); // revenue, refunds, cost, first day's revenue and profit, least and greatest ticket
        foreach (double value in (double[])[1.5, 2.5, 3.5, 4.5, 5.5, 6.5])
            writer.Write(value); // discounted, decayed, fast and slow profit, fast and slow purchases
        writer.Write(99L); // categories
        foreach (long value in (long[])[20, 21, 22])
            writer.Write(value); // as of, last assessed, deadline
        writer.Write([0x66, 0x55, 0x44, 0x33, 0x22]); // the newest event id, 40 bits
        writer.Write(new byte[35]); // seven older ones
        writer.Write([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9]); // tiers by scheme
        writer.Write(new byte[22]);
        writer.Write((ushort)20_000); // since, by scheme

        Assert.Equal(256, writer.BaseStream.Position);
        Assert.Equal(golden, CustomerState.AsBytes(in state).ToArray());
    }

    [Fact]
    public void A_stored_record_is_read_back()
    {
        CustomerState state = Filled();
        Assert.True(CustomerState.TryRead(CustomerState.AsBytes(in state), out CustomerState read));
        Assert.Equal(CustomerState.AsBytes(in state).ToArray(), CustomerState.AsBytes(in read).ToArray());
    }

    [Fact]
    public void A_record_of_another_length_or_layout_is_refused()
    {
        CustomerState state = Filled();
        byte[] bytes = CustomerState.AsBytes(in state).ToArray();
        Assert.False(CustomerState.TryRead(bytes[..255], out _));
        Assert.False(CustomerState.TryRead([], out _));
        bytes[0]++;
        Assert.False(CustomerState.TryRead(bytes, out _));
    }

    private static CustomerState Filled()
    {
        var state = new CustomerState
        {
            Layout = CustomerState.CurrentLayout,
            Flags = CustomerFlags.Reactivated,
            RecentPurchasePeriods = 0x8001,
            Sequence = 7,
            FirstPurchaseMs = 1_000,
            LastPurchaseMs = 2_000,
            RecentPurchaseDays = 0x8000_0000_0000_0005,
            PurchaseCount = 3,
            PurchaseDays = 4,
            FirstDayPurchases = 5,
            Revenue = 10,
            Refunds = 11,
            Cost = 12,
            FirstDayRevenue = 13,
            FirstDayProfit = 14,
            TicketMin = 15,
            TicketMax = 16,
            DiscountedProfit = 1.5,
            DecayedProfit = 2.5,
            FastProfit = 3.5,
            SlowProfit = 4.5,
            FastPurchases = 5.5,
            SlowPurchases = 6.5,
            Categories = 99,
            AsOfMs = 20,
            LastAssessedMs = 21,
            DeadlineMs = 22,
        };
        state.RecentEvents.Push(0x1122_3344_5566);
        state.HeldTiers[11] = 9;
        state.SinceDays[11] = 20_000;
        return state;
    }
}
