using StreamScorer.Scoring.Models.Numerics;

namespace StreamScorer.Scoring.Models.Fitting;

/// <summary>
/// Log likelihood of the Gamma-Gamma spend model over the customers with repeat spend, as a function of (p, q, v). The
/// gamma functions depend on x alone and are summed by x, which leaves one logarithm for each customer.
/// </summary>
internal sealed class GammaGammaLikelihood
{
    private readonly (int Days, double Spend)[] _customers;
    private readonly int[] _customersByDays;
    private readonly double _totalLogMean, _totalDaysLogSpend;

    /// <summary>Takes the customers with at least one repeat day of positive spend.</summary>
    /// <exception cref="ArgumentException">There are none.</exception>
    public GammaGammaLikelihood(IReadOnlyList<CustomerHistory> customers)
    {
        var spenders = customers
            .Where(customer => customer.SpendDays > 0 && customer.MeanRepeatSpend > 0)
            .OrderBy(customer => customer.SpendDays).ThenBy(customer => customer.MeanRepeatSpend)
            .ToArray();
        if (spenders.Length == 0) throw new ArgumentException("no customer has repeat spend to fit", nameof(customers));
        _customers = [.. spenders.Select(customer => (customer.SpendDays, customer.SpendDays * customer.MeanRepeatSpend))];
        _customersByDays = new int[spenders[^1].SpendDays + 1];
        foreach (var customer in spenders)
        {
            _customersByDays[customer.SpendDays]++;
            _totalLogMean += Math.Log(customer.MeanRepeatSpend);
            _totalDaysLogSpend += customer.SpendDays * Math.Log(customer.SpendDays * customer.MeanRepeatSpend);
        }
    }

    /// <summary>Customers with repeat spend.</summary>
    public int Customers => _customers.Length;

    /// <summary>Mean of their mean spends, in money.</summary>
    public double MeanSpend => _customers.Average(customer => customer.Spend / customer.Days);

    /// <summary>The log likelihood at (p, q, v).</summary>
    public double At(double p, double q, double v)
    {
        // (px-1) ln m + px ln x = px ln(xm) - ln m.
        double sum = (p * _totalDaysLogSpend) - _totalLogMean
            + (_customers.Length * ((q * Math.Log(v)) - LogGamma.Of(q)));
        for (int x = 1; x < _customersByDays.Length; x++)
        {
            if (_customersByDays[x] > 0)
                sum += _customersByDays[x] * (LogGamma.Of((p * x) + q) - LogGamma.Of(p * x));
        }
        foreach (var (days, spend) in _customers) sum -= ((p * days) + q) * Math.Log(v + spend);
        return sum;
    }
}
