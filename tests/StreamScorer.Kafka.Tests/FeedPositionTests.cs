using StreamScorer.Kafka.Source;
using Xunit;

namespace StreamScorer.Kafka.Tests;

public sealed class FeedPositionTests
{
    [Fact]
    public void Records_from_the_wanted_offset_on_are_taken()
    {
        FeedPosition position = SoughtAt(10);

        Assert.Equal(FeedVerdict.Take, position.Judge(10));
        position.Taken(10);
        Assert.Equal(FeedVerdict.Take, position.Judge(11));
    }

    [Fact]
    public void Earlier_records_are_dropped()
    {
        FeedPosition position = SoughtAt(10);

        Assert.Equal(FeedVerdict.Drop, position.Judge(9));
        Assert.Equal(FeedVerdict.Take, position.Judge(10));
        position.Taken(10);
        Assert.Equal(FeedVerdict.Drop, position.Judge(10));
    }

    [Fact]
    public void A_first_record_beyond_the_wanted_one_is_believed_when_it_comes_again()
    {
        FeedPosition position = SoughtAt(10);

        Assert.Equal(FeedVerdict.SeekAgain, position.Judge(500));
        position.Sought();
        Assert.Equal(FeedVerdict.Take, position.Judge(500));
    }

    [Fact]
    public void A_first_record_that_belongs_to_a_former_position_is_not_believed()
    {
        FeedPosition position = SoughtAt(10);

        Assert.Equal(FeedVerdict.SeekAgain, position.Judge(500));
        position.Sought();
        Assert.Equal(FeedVerdict.Take, position.Judge(10));
    }

    [Fact]
    public void Gaps_after_the_first_record_are_compaction()
    {
        FeedPosition position = SoughtAt(10);
        position.Judge(10);
        position.Taken(10);

        Assert.Equal(FeedVerdict.Take, position.Judge(14));
        position.Taken(14);
        Assert.Equal(15, position.Next);
    }

    [Fact]
    public void Every_start_is_checked_anew()
    {
        FeedPosition position = SoughtAt(10);
        position.Judge(500);
        position.Want(20);
        position.Sought();

        Assert.Equal(FeedVerdict.SeekAgain, position.Judge(500));
    }

    private static FeedPosition SoughtAt(long offset)
    {
        var position = default(FeedPosition);
        position.Want(offset);
        position.Sought();
        return position;
    }
}
