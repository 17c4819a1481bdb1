using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.State;
using StreamScorer.Worker.Replay;

namespace StreamScorer.Worker.Tests.Replay;

public sealed class CustomerDigestTests
{
    private static readonly ScoringRules rules = new(new ScoringPolicy());
    private static readonly PublishedTransition drop = new("ann", "churn", "low", "medium", "down", "silence", "2020-01-01T00:00:00.000Z");
    private static readonly PublishedTransition rise = new("ann", "churn", "medium", "low", "up", "event", "2020-01-02T00:00:00.000Z");

    [Fact]
    public void The_order_of_customers_does_not_matter()
    {
        Assert.Equal(Digest([], ("ann", 1), ("bob", 2)), Digest([], ("bob", 2), ("ann", 1)));
        Assert.NotEqual(Digest([], ("ann", 1), ("bob", 2)), Digest([], ("ann", 2), ("bob", 1)));
    }

    [Fact]
    public void The_order_of_a_customers_transitions_does()
    {
        Assert.NotEqual(Digest([drop, rise], ("ann", 1)), Digest([rise, drop], ("ann", 1)));
        Assert.NotEqual(Digest([drop], ("ann", 1)), Digest([drop, drop], ("ann", 1)));
        Assert.NotEqual(Digest([drop], ("ann", 1)), Digest([drop with { Time = "2020-01-01T00:00:01.000Z" }], ("ann", 1)));
    }

    [Fact]
    public void Schemes_with_relative_bounds_do_not_count() =>
        Assert.Equal(Digest([], ("ann", 1)), Digest([drop with { Scheme = "pyramid" }], ("ann", 1)));

    [Fact]
    public void Bookkeeping_does_not_count()
    {
        var assessedLater = new CustomerState { PurchaseCount = 1, LastAssessedMs = 5, Sequence = 9, DeadlineMs = 7 };

        Assert.Equal(Digest([], ("ann", 1)), Digest([], [("ann", assessedLater)]));
    }

    private static string Digest(PublishedTransition[] transitions, params (string Id, int Purchases)[] customers) =>
        Digest(transitions, [.. customers.Select(customer => (customer.Id, new CustomerState { PurchaseCount = customer.Purchases }))]);

    private static string Digest(PublishedTransition[] transitions, (string Id, CustomerState State)[] customers)
    {
        var digest = new CustomerDigest(rules);
        foreach (PublishedTransition transition in transitions)
            digest.AddTransition(transition);
        foreach ((string id, CustomerState state) in customers)
        {
            ColdState cold = default;
            digest.AddCustomer(System.Text.Encoding.UTF8.GetBytes(id), in state, in cold);
        }
        return digest.Value;
    }
}
