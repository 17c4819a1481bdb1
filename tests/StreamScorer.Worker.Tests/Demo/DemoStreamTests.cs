using StreamScorer.Worker.Demo;

namespace StreamScorer.Worker.Tests.Demo;

public sealed class DemoStreamTests
{
    private static readonly DateTime start = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void The_same_seed_tells_the_same_story_and_another_seed_another()
    {
        Assert.Equal(Take(5_000, seed: 7), Take(5_000, seed: 7));
        Assert.NotEqual(Take(5_000, seed: 7), Take(5_000, seed: 8));
    }

    [Fact]
    public void Events_come_in_time_order_with_numbers_that_count_them()
    {
        List<DemoEvent> events = Take(20_000);

        Assert.Equal(events.Select(e => e.Utc).Order(), events.Select(e => e.Utc));
        Assert.Equal(Enumerable.Range(1, events.Count).Select(i => (long)i), events.Select(e => e.Number));
        Assert.All(events, e => Assert.True(e.Amount > 0 && e.Cost > 0 && e.Utc >= start));
    }

    [Fact]
    public void Customers_look_like_customers()
    {
        List<DemoEvent> events = [.. Stream().TakeWhile(e => e.Utc < start.AddMonths(30))];
        Dictionary<string, decimal> net = events
            .GroupBy(e => e.CustomerId)
            .ToDictionary(g => g.Key, g => g.Sum(e => e.IsRefund ? -e.Amount : e.Amount));

        // A fifth of the customers brings more than half of the money, but not all of it.
        decimal[] byValue = [.. net.Values.OrderDescending()];
        decimal topShare = byValue.Take(byValue.Length / 5).Sum() / byValue.Sum();
        Assert.InRange(topShare, 0.5m, 0.95m);

        // Some leave without a word and others join.
        var lastSeen = events.GroupBy(e => e.CustomerId).ToDictionary(g => g.Key, g => g.Max(e => e.Utc));
        double silentShare = lastSeen.Values.Count(utc => utc < start.AddMonths(24)) / (double)lastSeen.Count;
        Assert.InRange(silentShare, 0.15, 0.85);
        Assert.True(net.Count > 600);

        // Some things come back, and December is busier than February.
        Assert.InRange(events.Count(e => e.IsRefund) / (double)events.Count, 0.01, 0.12);
        Assert.True(events.Count(e => e.Utc.Month == 12) > 1.3 * events.Count(e => e.Utc.Month == 2));
    }

    private static DemoStream Stream(int seed = 1) => new(500, seed, start);

    private static List<DemoEvent> Take(int count, int seed = 1) => [.. Stream(seed).Take(count)];
}
