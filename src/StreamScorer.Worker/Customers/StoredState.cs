using StreamScorer.Engine.Commit;
using StreamScorer.Scoring.State;

namespace StreamScorer.Worker.Customers;

/// <summary>A stored customer's records as the scorer reads them.</summary>
internal static class StoredState
{
    /// <summary>The hot and the cold record.</summary>
    /// <exception cref="InvalidDataException">A layout that this version does not know: the store is written by a newer one.</exception>
    public static void Read(StoredCustomer customer, out CustomerState hot, out ColdState cold)
    {
        cold = default;
        if (!CustomerState.TryRead(customer.Hot, out hot) || (customer.Cold.Length > 0 && !ColdState.TryRead(customer.Cold, out cold)))
            throw new InvalidDataException($"the store has records of layout {customer.Hot.FirstOrDefault()}, this version reads layouts {RecordLayout.Own} to {RecordLayout.Next}");
    }
}
