using StreamScorer.Scoring.State;
using Xunit;

namespace StreamScorer.Scoring.Tests.State;

public sealed class RecentEventIdsTests
{
    [Fact]
    public void The_last_eight_ids_are_known_and_the_ninth_is_forgotten()
    {
        RecentEventIds ids = default;
        for (ulong id = 1; id <= 9; id++)
            ids.Push(id * 0x9E37_79B9_7F4A_7C15);

        Assert.False(ids.Contains(0x9E37_79B9_7F4A_7C15));
        for (ulong id = 2; id <= 9; id++)
            Assert.True(ids.Contains(id * 0x9E37_79B9_7F4A_7C15));
    }

    [Fact]
    public void An_empty_place_is_no_id()
    {
        RecentEventIds ids = default;
        Assert.False(ids.Contains(0));
        ids.Push(0);
        Assert.True(ids.Contains(0));
    }
}
