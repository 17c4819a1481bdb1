using System.Runtime.CompilerServices;
using System.Text;
using StreamScorer.Scoring.Events;
using StreamScorer.Scoring.State;
using Xunit;

namespace StreamScorer.Scoring.Tests.State;

public sealed class ColdStateTests
{
    [Fact]
    public void The_record_has_its_documented_size_without_references()
    {
        Assert.Equal(ColdState.SizeBytes, Unsafe.SizeOf<ColdState>());
        Assert.False(RuntimeHelpers.IsReferenceOrContainsReferences<ColdState>());
        // layout; grace, averted grace; purchase id; unpaid days; instant; responses, complaints, referrals; two costs; wallet, defaults, defection, ending;
        // information; place and channel; satisfaction
        Assert.Equal(ColdState.SizeBytes, 1 + 80 + 80 + 8 + 12 + 8 + 24 + 20 + 16 + 16 + 16 + 20 + 9 + 17 + 32 + 24 + 24 + 108);
    }

    [Fact]
    public void A_customer_in_grace_alone_is_stored_in_few_bytes()
    {
        var cold = new ColdState { Layout = ColdState.CurrentLayout };
        cold.GraceStartS[0] = 0x0102_0304;

        Assert.Equal([ColdState.CurrentLayout, 4, 3, 2, 1], ColdState.AsBytes(in cold).ToArray());
    }

    [Fact]
    public void Every_part_is_read_back()
    {
        ColdState cold = Filled();
        byte[] stored = ColdState.AsBytes(in cold).ToArray();

        Assert.Equal(ColdState.SizeBytes, stored.Length);
        Assert.True(ColdState.TryRead(stored, out ColdState read));
        Assert.Equal(stored, ColdState.AsBytes(in read).ToArray());
        Assert.Equal((3, 0.5f, EndingReason.Moved, "Nürnberg"),
            (read.Responses.Contacts, read.Satisfaction.Factors[5].Weight, read.Ending.Reason, read.Place.Text.ToString()));
    }

    [Fact]
    public void A_record_that_is_too_long_or_of_another_layout_is_refused()
    {
        ColdState cold = Filled();
        byte[] bytes = ColdState.AsBytes(in cold).ToArray();
        Assert.False(ColdState.TryRead([.. bytes, 1], out _));
        Assert.False(ColdState.TryRead([], out _));
        bytes[0]++;
        Assert.False(ColdState.TryRead(bytes, out _));
    }

    [Fact]
    public void Only_the_layout_is_nothing_worth_storing()
    {
        var cold = new ColdState { Layout = ColdState.CurrentLayout };
        Assert.True(cold.IsEmpty);
        cold.Satisfaction.Factors[5].WeightedRating = 1;
        Assert.False(cold.IsEmpty);
        Assert.True(ColdState.None.IsEmpty);
    }

    [Theory]
    [InlineData("web", "web")]
    [InlineData("0123456789abcdefg", "0123456789abcdef")]
    [InlineData("0123456789abcdé", "0123456789abcdé")] // 16 bytes
    [InlineData("0123456789abcdeé", "0123456789abcde")] // the é would be cut in the middle
    [InlineData("上海市黄浦区南京东路", "上海市黄浦")]
    public void A_short_text_keeps_whole_characters(string text, string kept) => Assert.Equal(kept, ShortText.Of(Encoding.UTF8.GetBytes(text)).ToString());

    [Fact]
    public void The_newest_place_counts_in_any_order()
    {
        LastSeen a = default, b = default;
        (string Text, long AtMs)[] seen = [("old", 1), ("new", 5), ("tie", 5), ("before 1970", -9)];
        foreach ((string text, long atMs) in seen)
            a.See(Encoding.UTF8.GetBytes(text), atMs);
        foreach ((string text, long atMs) in seen.Reverse())
            b.See(Encoding.UTF8.GetBytes(text), atMs);
        a.See([], 100);

        Assert.Equal(("tie", 5L), (a.Text.ToString(), a.AtMs));
        Assert.Equal((b.Text.ToString(), b.AtMs), (a.Text.ToString(), a.AtMs));
    }

    private static ColdState Filled()
    {
        var cold = new ColdState { Layout = ColdState.CurrentLayout, AvertingPurchaseHash = 1, AsOfMs = 2, AcquisitionCost = 3, CostToServe = 4 };
        cold.AvertedGraceStartS[19] = 5;
        cold.UnpaidDays.Add(1);
        cold.Responses.Contacts = 3;
        cold.Complaints.Count = 1;
        cold.Referrals.Count = 1;
        cold.Wallet.AmountAYear = 1;
        cold.Defaults.Count = 1;
        cold.Defection.Facts = DefectionFacts.Happened;
        cold.Ending.Reason = EndingReason.Moved;
        cold.Information.Uses = 1;
        cold.Place.See("Nürnberg"u8, 7);
        cold.Channel.See("web"u8, 7);
        cold.Satisfaction.Factors[5] = new RatingSum { Weight = 0.5f, WeightedRating = 0.25f };
        return cold;
    }
}
