using StreamScorer.Engine.Commit;
using StreamScorer.Scoring.Events;

namespace StreamScorer.Worker.Repair;

/// <summary>Whether two states hold the same customers with the same records, in whatever order and partitions.</summary>
/// <param name="Customers">Number of customers.</param>
/// <param name="Sum">Sum of a hash over each customer's id and records.</param>
internal readonly record struct StateDigest(long Customers, ulong Sum)
{
    /// <summary>The digest with one customer more.</summary>
    public StateDigest Add(StoredCustomer customer) =>
        new(Customers + 1, Sum + StableHash.Of(customer.Cold, StableHash.Of(customer.Hot, StableHash.Of(customer.CustomerId))));
}
