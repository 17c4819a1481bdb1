namespace StreamScorer.Scoring.Models.Fitting;

/// <summary>
/// The histories that a likelihood runs over, equal ones counted once: more than half of the customers of a real log never
/// came back, and those who started on the same day are alike. Sorted, so that the order of the customers does not show in
/// the last digits of a fit.
/// </summary>
internal sealed class HistorySample
{
    /// <summary>Counts the histories.</summary>
    /// <exception cref="ArgumentException">There are none, or one is not a history; the message says which.</exception>
    public HistorySample(IReadOnlyList<CustomerHistory> customers)
    {
        if (customers.Count == 0) throw new ArgumentException("there are no customers to fit", nameof(customers));
        foreach (var customer in customers) RequireHistory(customer);
        var groups = customers
            .GroupBy(customer => customer.History)
            .OrderBy(group => group.Key.Repeats).ThenBy(group => group.Key.Recency).ThenBy(group => group.Key.Age)
            .ToArray();
        Customers = customers.Count;
        Distinct = [.. groups.Select(group => group.Key)];
        Counts = [.. groups.Select(group => group.Count())];
        MaxRepeats = Distinct[^1].Repeats;
        TotalRepeats = customers.Sum(customer => (double)customer.History.Repeats);
        TotalAge = groups.Sum(group => group.Key.Age * group.Count());
        TotalLogIntervals = customers.Select(customer => customer.LogIntervals).Order().Sum();
        CustomersByRepeats = new int[MaxRepeats + 1];
        for (int i = 0; i < Distinct.Length; i++) CustomersByRepeats[Distinct[i].Repeats] += Counts[i];
    }

    /// <summary>Customers in all.</summary>
    public int Customers { get; }

    /// <summary>The distinct histories, fewest repeats first.</summary>
    public PurchaseHistory[] Distinct { get; }

    /// <summary>Customers with each distinct history.</summary>
    public int[] Counts { get; }

    /// <summary>Customers with 0, 1, ... repeats.</summary>
    public int[] CustomersByRepeats { get; }

    /// <summary>The largest number of repeats.</summary>
    public int MaxRepeats { get; }

    /// <summary>Sum of x.</summary>
    public double TotalRepeats { get; }

    /// <summary>Sum of T.</summary>
    public double TotalAge { get; }

    /// <summary>Sum of the log intervals.</summary>
    public double TotalLogIntervals { get; }

    /// <summary>Repeat purchases per unit of time; never 0, so that a search can start from it.</summary>
    public double MeanRate => Math.Max(TotalRepeats, 0.5) / Math.Max(TotalAge, 1);

    private static void RequireHistory(CustomerHistory customer)
    {
        var h = customer.History;
        bool sound = h.Repeats >= 0 && h.Recency >= 0 && h.Recency <= h.Age && double.IsFinite(h.Age)
            && (h.Repeats > 0) == (h.Recency > 0) && double.IsFinite(customer.LogIntervals);
        if (!sound)
        {
            throw new ArgumentException(
                $"customer {customer.CustomerId}: {h} needs 0 <= Recency <= Age, and Recency > 0 exactly when Repeats > 0");
        }
    }
}
