using StreamScorer.Scoring.Events;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.State;

namespace StreamScorer.Scoring.Signals;

/// <summary>How late an event was for its customer.</summary>
public enum Lateness : byte
{
    /// <summary>Not older than the newest event of its customer.</summary>
    OnTime,

    /// <summary>Older, and counted as exactly as if it had come in order.</summary>
    Late,

    /// <summary>A purchase more than 64 days behind the last purchase day: counted as a new purchase day although it may not be one.</summary>
    LateInexact,
}

/// <summary>Folds events into a customer's aggregates. Any order of the same events gives the same counts and sums.</summary>
public static class Aggregation
{
    /// <summary>Instant to which <see cref="CustomerState.DiscountedProfit"/> is discounted: 2000-01-01, unix milliseconds.</summary>
    public const long ValueLandmarkMs = 946_684_800_000;

    /// <summary>Retention periods that <see cref="CustomerState.RecentPurchasePeriods"/> covers.</summary>
    public const int RecentPeriods = 16;

    private const int RecentDays = 64;

    /// <summary>Adds one event to the aggregates.</summary>
    public static Lateness Add(ref CustomerState state, ref ColdState cold, in CustomerEvent e, ScoringRules rules)
    {
        if (state.Layout == 0)
        {
            state.Layout = CustomerState.CurrentLayout;
            state.AsOfMs = e.TimeMs;
            state.DeadlineMs = long.MaxValue;
        }
        Lateness lateness = e.TimeMs < state.AsOfMs ? Lateness.Late : Lateness.OnTime;
        int day = rules.Calendar.DayOf(e.TimeMs);
        switch (e.Type)
        {
            case EventType.Purchase:
                if (AddPurchase(ref state, ref cold, in e, day, rules) == Lateness.LateInexact)
                    lateness = Lateness.LateInexact;
                AddFlow(ref state, e.TimeMs, day, e.Amount - e.Cost, purchases: 1, rules);
                break;
            case EventType.Refund:
                state.Refunds = Money.Add(state.Refunds, e.Amount);
                state.Cost = Money.Add(state.Cost, -e.Cost);
                AddFlow(ref state, e.TimeMs, day, e.Cost - e.Amount, purchases: 0, rules);
                break;
            case EventType.Cost:
                state.Cost = Money.Add(state.Cost, e.Amount);
                AddFlow(ref state, e.TimeMs, day, -e.Amount, purchases: 0, rules);
                RelationshipAggregation.Add(ref cold, in e, rules);
                break;
            default:
                AddFlow(ref state, e.TimeMs, day, 0, purchases: 0, rules);
                RelationshipAggregation.Add(ref cold, in e, rules);
                break;
        }
        return lateness;
    }

    private static Lateness AddPurchase(ref CustomerState state, ref ColdState cold, in CustomerEvent e, int day, ScoringRules rules)
    {
        state.Revenue = Money.Add(state.Revenue, e.Amount);
        state.Cost = Money.Add(state.Cost, e.Cost);
        if (e.CategoryHash != 0)
            state.Categories |= 1UL << (int)(e.CategoryHash >> 58);
        cold.Place.See(e.Place, e.TimeMs);
        cold.Channel.See(e.Channel, e.TimeMs);
        bool first = state.PurchaseCount++ == 0;
        state.TicketMin = first ? e.Amount : Math.Min(state.TicketMin, e.Amount);
        state.TicketMax = first ? e.Amount : Math.Max(state.TicketMax, e.Amount);
        int firstDay = first ? int.MaxValue : rules.Calendar.DayOf(state.FirstPurchaseMs);
        Lateness lateness = Lateness.OnTime;
        if (first)
        {
            (state.RecentPurchaseDays, state.RecentPurchasePeriods, state.PurchaseDays) = (1, 1, 1);
            if (e.Amount == 0)
                cold.UnpaidDays.Add(0);
        }
        else
        {
            int lastDay = rules.Calendar.DayOf(state.LastPurchaseMs);
            AddPeriod(ref state, rules.RetentionPeriodOf(day) - rules.RetentionPeriodOf(lastDay));
            lateness = AddDay(ref state, ref cold.UnpaidDays, lastDay, firstDay, day, isPaid: e.Amount > 0);
        }
        if (day < firstDay)
            (state.FirstDayRevenue, state.FirstDayProfit, state.FirstDayPurchases) = (0, 0, 0);
        if (day <= firstDay)
        {
            state.FirstDayRevenue = Money.Add(state.FirstDayRevenue, e.Amount);
            state.FirstDayProfit = Money.Add(state.FirstDayProfit, e.Amount - e.Cost);
            state.FirstDayPurchases++;
        }
        state.FirstPurchaseMs = first ? e.TimeMs : Math.Min(state.FirstPurchaseMs, e.TimeMs);
        state.LastPurchaseMs = first ? e.TimeMs : Math.Max(state.LastPurchaseMs, e.TimeMs);
        return lateness;
    }

    private static void AddPeriod(ref CustomerState state, int ahead)
    {
        if (ahead > 0)
            state.RecentPurchasePeriods = (ushort)((ahead < RecentPeriods ? state.RecentPurchasePeriods << ahead : 0) | 1);
        else if (-ahead < RecentPeriods)
            state.RecentPurchasePeriods |= (ushort)(1 << -ahead);
    }

    private static Lateness AddDay(ref CustomerState state, ref UnpaidDays unpaid, int lastDay, int firstDay, int day, bool isPaid)
    {
        int behind = lastDay - day;
        if (behind < 0)
        {
            state.RecentPurchaseDays = (-behind < RecentDays ? state.RecentPurchaseDays << -behind : 0) | 1;
            if (unpaid.Count > 0)
                unpaid.MoveAhead(-behind);
            behind = 0;
        }
        else if (day == firstDay || (behind < RecentDays && (state.RecentPurchaseDays >> behind & 1) != 0))
        {
            bool wasUnpaid = day == firstDay ? state.FirstDayRevenue == 0 : unpaid.Contains(behind);
            if (isPaid && wasUnpaid)
                unpaid.Remove(behind);
            return Lateness.OnTime;
        }
        else if (behind < RecentDays)
        {
            state.RecentPurchaseDays |= 1UL << behind;
        }
        state.PurchaseDays++;
        if (!isPaid)
            unpaid.Add(behind);
        return behind < RecentDays || day < firstDay ? Lateness.OnTime : Lateness.LateInexact;
    }

    private static void AddFlow(ref CustomerState state, long timeMs, int day, long profit, int purchases, ScoringRules rules)
    {
        double amount = Money.ToDouble(profit);
        double years = (timeMs - ValueLandmarkMs) / (ScoringRules.DaysPerYear * BusinessCalendar.DayMs);
        state.DiscountedProfit += amount == 0 ? 0 : amount * Math.Pow(1 + rules.Policy.Value.DiscountRatePerYear, -years);
        double byMs = 1, fast = 1, slow = 1;
        if (timeMs > state.AsOfMs)
        {
            int days = day - rules.Calendar.DayOf(state.AsOfMs);
            state.DecayedProfit *= rules.ProfitDecay.OverMs(timeMs - state.AsOfMs);
            state.FastProfit *= rules.FastDecay.OverDays(days);
            state.SlowProfit *= rules.SlowDecay.OverDays(days);
            state.FastPurchases *= rules.FastDecay.OverDays(days);
            state.SlowPurchases *= rules.SlowDecay.OverDays(days);
            state.AsOfMs = timeMs;
        }
        else if (timeMs < state.AsOfMs)
        {
            int days = rules.Calendar.DayOf(state.AsOfMs) - day;
            byMs = rules.ProfitDecay.OverMs(state.AsOfMs - timeMs);
            fast = rules.FastDecay.OverDays(days);
            slow = rules.SlowDecay.OverDays(days);
        }
        state.DecayedProfit += amount * byMs;
        state.FastProfit += amount * fast;
        state.SlowProfit += amount * slow;
        state.FastPurchases += purchases * fast;
        state.SlowPurchases += purchases * slow;
    }
}
