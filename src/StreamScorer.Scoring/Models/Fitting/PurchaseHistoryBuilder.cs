namespace StreamScorer.Scoring.Models.Fitting;

/// <summary>
/// Turns a log of purchases, in any order, into one <see cref="CustomerHistory"/> for each customer who bought by the
/// cut-off. Purchases of one day are one transaction, and all times are whole days, so T is (cut-off - first day) / unit:
/// the convention of the CDNOW data set.
/// </summary>
public sealed class PurchaseHistoryBuilder
{
    private readonly DateOnly _until, _holdOutUntil;
    private readonly double _daysPerUnit;
    private readonly Dictionary<string, Account> _accounts = new(StringComparer.Ordinal);

    /// <summary>Starts an empty log.</summary>
    /// <param name="until">Last day of the calibration period: T ends here.</param>
    /// <param name="unit">Unit of the histories.</param>
    /// <param name="holdOutUntil">Last day of the hold-out period; by default there is none.</param>
    /// <exception cref="ArgumentOutOfRangeException">The hold-out period ends before the calibration period.</exception>
    public PurchaseHistoryBuilder(DateOnly until, ModelUnit unit, DateOnly? holdOutUntil = null)
    {
        if (holdOutUntil < until)
            throw new ArgumentOutOfRangeException(nameof(holdOutUntil), holdOutUntil, $"must not be before {until:O}");
        (_until, _holdOutUntil, _daysPerUnit) = (until, holdOutUntil ?? until, unit.Days());
    }

    /// <summary>Length of the hold-out period in model units: the horizon to predict.</summary>
    public double HoldOutHorizon => (_holdOutUntil.DayNumber - _until.DayNumber) / _daysPerUnit;

    /// <summary>Adds a purchase. Days after the hold-out period are ignored.</summary>
    /// <param name="customerId">The customer.</param>
    /// <param name="day">Day of the purchase, in the business time zone.</param>
    /// <param name="amount">Money spent, at least 0.</param>
    public void AddPurchase(string customerId, DateOnly day, double amount)
    {
        if (day > _holdOutUntil) return;
        var days = AccountOf(customerId).SpendByDay;
        days[day] = days.GetValueOrDefault(day) + amount;
    }

    /// <summary>Adds a refund: money goes down, the purchase day stays. Days after the cut-off are ignored.</summary>
    /// <param name="customerId">The customer.</param>
    /// <param name="day">Day of the refund, in the business time zone.</param>
    /// <param name="amount">Money returned, at least 0.</param>
    public void AddRefund(string customerId, DateOnly day, double amount)
    {
        if (day <= _until) AccountOf(customerId).Refunds.Add((day, amount));
    }

    /// <summary>The histories, ordered by customer.</summary>
    public IReadOnlyList<CustomerHistory> Build() =>
        [.. from account in _accounts
            where account.Value.SpendByDay.Keys.Any(day => day <= _until)
            orderby account.Key
            select HistoryOf(account.Key, account.Value)];

    private CustomerHistory HistoryOf(string customerId, Account account)
    {
        var days = account.SpendByDay.Where(entry => entry.Key <= _until).ToArray();
        DateOnly first = days[0].Key, last = days[^1].Key;
        double logIntervals = 0, net = 0;
        int spendDays = 0;
        for (int i = 1; i < days.Length; i++)
        {
            logIntervals += Math.Log(Units(days[i - 1].Key, days[i].Key));
            net += days[i].Value;
            if (days[i].Value > 0) spendDays++;
        }
        // A refund on the first day is taken to be of the first purchase, which is no part of the repeat spend.
        net -= account.Refunds.Where(refund => refund.Day > first).Sum(refund => refund.Amount);
        var history = new PurchaseHistory(days.Length - 1, Units(first, last), Units(first, _until));
        double mean = spendDays == 0 ? 0 : Math.Max(0, net) / spendDays;
        return new(customerId, history, logIntervals, spendDays, mean, account.SpendByDay.Count - days.Length);
    }

    private double Units(DateOnly from, DateOnly to) => (to.DayNumber - from.DayNumber) / _daysPerUnit;

    private Account AccountOf(string customerId)
    {
        if (!_accounts.TryGetValue(customerId, out var account)) _accounts.Add(customerId, account = new Account());
        return account;
    }

    private sealed class Account
    {
        public SortedDictionary<DateOnly, double> SpendByDay { get; } = [];

        public List<(DateOnly Day, double Amount)> Refunds { get; } = [];
    }
}
