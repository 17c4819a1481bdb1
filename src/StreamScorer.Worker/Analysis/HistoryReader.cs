using System.Text;
using StreamScorer.Engine.Commit;
using StreamScorer.Scoring.Events;
using StreamScorer.Scoring.Models.Fitting;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Signals;
using StreamScorer.Scoring.State;
using StreamScorer.Worker.Customers;

namespace StreamScorer.Worker.Analysis;

/// <summary>Purchase histories to fit, from a file or from the stored state.</summary>
internal static class HistoryReader
{
    private static readonly int epochDayNumber = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    /// <summary>Histories of a file up to the cut-off, and the length of its hold-out period in model units.</summary>
    public static (IReadOnlyList<CustomerHistory> Histories, DateOnly Until, double Horizon) FromFile(
        FitRequest request, ScoringRules rules, CancellationToken cancellation)
    {
        DateOnly until = request.Until ?? LastDay(request, rules, cancellation);
        var builder = new PurchaseHistoryBuilder(until, request.Unit, request.HoldOutUntil);
        FileEvents.Read(request.File!, request.Map, rules, Add, cancellation);
        return (builder.Build(), until, builder.HoldOutHorizon);

        void Add(in CustomerEvent e)
        {
            if (e.Type is not (EventType.Purchase or EventType.Refund))
                return;
            string customer = Encoding.UTF8.GetString(e.CustomerId);
            if (e.Type == EventType.Purchase)
                builder.AddPurchase(customer, DayOf(in e, rules), Money.ToDouble(e.Amount));
            else
                builder.AddRefund(customer, DayOf(in e, rules), Money.ToDouble(e.Amount));
        }
    }

    /// <summary>
    /// Histories of the stored customers, each as of its partition's clock. The state keeps no intervals, so regularity k cannot be chosen from it.
    /// </summary>
    public static async Task<IReadOnlyList<CustomerHistory>> FromStateAsync(
        IStateStore store, int partitionCount, ScoringRules rules, CancellationToken cancellation)
    {
        var histories = new List<CustomerHistory>();
        for (int partition = 0; partition < partitionCount; partition++)
        {
            long clockMs = (await store.ReadMetaAsync(partition, cancellation) ?? PartitionMeta.Empty).ClockMs;
            await foreach (StoredCustomer customer in store.ReadCustomersAsync(partition, cancellation))
            {
                StoredState.Read(customer, out CustomerState state, out ColdState cold);
                if (state.PurchaseCount > 0)
                    histories.Add(HistoryOf(customer, in state, in cold, rules, clockMs));
            }
        }
        return histories;
    }

    private static CustomerHistory HistoryOf(StoredCustomer customer, in CustomerState state, in ColdState cold, ScoringRules rules, long clockMs)
    {
        var signals = new CustomerSignals(in state, in cold, rules, Math.Max(clockMs, state.LastAssessedMs));
        int repeats = signals.History.Repeats;
        double spend = Math.Max(0, Money.ToDouble(state.NetRevenue - state.FirstDayRevenue));
        bool hasSpend = repeats > 0 && spend > 0;
        return new CustomerHistory(
            Encoding.UTF8.GetString(customer.CustomerId), signals.History, LogIntervals: 0, hasSpend ? repeats : 0, hasSpend ? spend / repeats : 0, HoldOutPurchases: 0);
    }

    private static DateOnly LastDay(FitRequest request, ScoringRules rules, CancellationToken cancellation)
    {
        DateOnly last = DateOnly.MinValue;
        FileEvents.Read(request.File!, request.Map, rules, (in CustomerEvent e) => last = DayOf(in e, rules) is var day && day > last ? day : last, cancellation);
        return request.HoldOutUntil is { } end && end < last ? end : last;
    }

    private static DateOnly DayOf(in CustomerEvent e, ScoringRules rules) => DateOnly.FromDayNumber(epochDayNumber + rules.Calendar.DayOf(e.TimeMs));
}
