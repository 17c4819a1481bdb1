using StreamScorer.Scoring.Events;
using StreamScorer.Scoring.Policy;

namespace StreamScorer.Scoring.Tests.Signals;

/// <summary>
/// The signals worked out anew from the full list of events by the definitions, with decimals, dates and the framework's time zones: nothing is shared with the
/// product but the policy's constants.
/// </summary>
internal sealed class RecomputedCustomer
{
    private readonly PlainEvent[] events;
    private readonly PlainEvent[] purchases;
    private readonly ScoringPolicy policy;
    private readonly TimeZoneInfo zone;
    private readonly DateTimeOffset now;

    public RecomputedCustomer(IEnumerable<PlainEvent> events, ScoringPolicy policy, DateTimeOffset now)
    {
        this.events = [.. events];
        purchases = [.. this.events.Where(e => e.Type == EventType.Purchase)];
        (this.policy, this.now) = (policy, now);
        zone = TimeZoneInfo.FindSystemTimeZoneById(policy.BusinessTimeZone);
    }

    public decimal Revenue => purchases.Sum(e => e.Amount);

    public decimal NetRevenue => Revenue - Sum(EventType.Refund, e => e.Amount);

    public decimal Profit => events.Sum(ProfitOf);

    public int PurchaseDays => Days.Length;

    public int SpendDays => Days.Skip(1).Count(day => purchases.Any(e => DayOf(e.Time) == day && e.Amount > 0));

    public decimal FirstDayProfit => purchases.Where(e => DayOf(e.Time) == Days[0]).Sum(e => e.Amount - e.Cost);

    public double HistoricalValue => events.Sum(e => (double)ProfitOf(e) * Math.Pow(1 + policy.Value.DiscountRatePerYear, YearsBetween(e.Time, now)));

    public double DecayedProfit
    {
        get
        {
            double atLast = DecayedAt(Last, policy.Value.ProfitHalfLifeDays, e => true, e => (double)ProfitOf(e));
            return atLast <= 0 ? atLast : atLast * Math.Pow(2, -(now - Last).TotalDays / policy.Value.ProfitHalfLifeDays);
        }
    }

    public double AliveProbability
    {
        get
        {
            if (PurchaseDays == 0)
                return 0;
            ModelPolicy m = policy.Model;
            double recency = (StartOf(Days[^1]) - StartOf(Days[0])).TotalDays / m.UnitDays, age = AgeDays / m.UnitDays;
            int x = PurchaseDays - 1;
            return 1 / (1 + m.A / (m.B + x) * Math.Pow((m.Alpha + age) / (m.Alpha + recency), m.R + x));
        }
    }

    public double Cycle
    {
        get
        {
            double years = PurchaseDays == 0 ? 0 : (StartOf(Days[^1]) - StartOf(Days[0])).TotalDays / 365.25;
            double cycle = (policy.Value.PriorCycleWeight * policy.Value.PriorCycleYears + years) / (policy.Value.PriorCycleWeight + Math.Max(0, PurchaseDays - 1));
            return Math.Max(cycle, 1 / 365.25);
        }
    }

    public double Trend(Func<PlainEvent, double> amountOf)
    {
        if (PurchaseDays < 3)
            return 1;
        double slow = RepeatRate(policy.Value.SlowHalfLifeDays, amountOf);
        return slow > 0 ? RepeatRate(policy.Value.FastHalfLifeDays, amountOf) / slow : 1;
    }

    public double SatisfactionDegree
    {
        get
        {
            DegreesPolicy d = policy.Degrees;
            double weight = Decayed(EventType.Satisfaction, d.RatingHalfLifeDays, e => 1);
            double ratings = Decayed(EventType.Satisfaction, d.RatingHalfLifeDays, e => (e.Rating - 1) / 4);
            double complaints = Decayed(EventType.Complaint, d.ComplaintHalfLifeDays, e => e.Severity * (e.Resolved ? d.ResolvedComplaintShare : 1));
            double degree = (ratings + d.PriorSatisfactionWeight * d.PriorSatisfaction) / (weight + d.PriorSatisfactionWeight) - d.ComplaintPenalty * complaints;
            return Math.Clamp(degree, 0, 1);
        }
    }

    public double ResponseDegree
    {
        get
        {
            DegreesPolicy d = policy.Degrees;
            double contacts = Decayed(EventType.Contact, d.ContactHalfLifeDays, e => 1), responses = Decayed(EventType.Response, d.ContactHalfLifeDays, e => 1);
            return Math.Min(1, (responses + d.PriorResponseWeight * d.PriorResponseRate) / (contacts + d.PriorResponseWeight));
        }
    }

    public double ReferralDegree
    {
        get
        {
            double referrals = Decayed(EventType.Referral, policy.Degrees.ReferralHalfLifeDays, e => 1);
            return referrals / (referrals + 1);
        }
    }

    public double? RetentionObserved
    {
        get
        {
            if (PurchaseDays == 0)
                return null;
            int[] bought = [.. Days.Select(PeriodOf).Distinct()];
            int current = PeriodOf(DayOf(now));
            int from = Math.Max(bought[0] + 1, bought[^1] - 15);
            int periods = Enumerable.Range(from, Math.Max(0, current - from + 1)).Count(p => p != current || bought.Contains(p));
            return periods == 0 ? null : bought.Count(p => p >= from) / (double)periods;
        }
    }

    private DateTimeOffset Last => events.Max(e => e.Time);

    private DateOnly[] Days => [.. purchases.Select(e => DayOf(e.Time)).Distinct().Order()];

    private double AgeDays => (now - StartOf(Days[0])).TotalDays;

    private static decimal ProfitOf(PlainEvent e) => e.Type switch
    {
        EventType.Purchase => e.Amount - e.Cost,
        EventType.Refund => e.Cost - e.Amount,
        EventType.Cost => -e.Amount,
        _ => 0,
    };

    private double RepeatRate(double halfLifeDays, Func<PlainEvent, double> amountOf)
    {
        DateOnly asOf = DayOf(Last);
        double sum = events.Where(e => e.Type != EventType.Purchase || DayOf(e.Time) != Days[0])
            .Sum(e => amountOf(e) * Math.Pow(2, -(asOf.DayNumber - DayOf(e.Time).DayNumber) / halfLifeDays));
        sum *= Math.Pow(2, -(now - StartOf(asOf)).TotalDays / halfLifeDays);
        return Math.Log(2) / halfLifeDays * sum / (1 - Math.Pow(2, -AgeDays / halfLifeDays));
    }

    private double Decayed(EventType type, double halfLifeDays, Func<PlainEvent, double> amountOf) => DecayedAt(now, halfLifeDays, e => e.Type == type, amountOf);

    private double DecayedAt(DateTimeOffset at, double halfLifeDays, Func<PlainEvent, bool> counts, Func<PlainEvent, double> amountOf) =>
        events.Where(counts).Sum(e => amountOf(e) * Math.Pow(2, -(at - e.Time).TotalDays / halfLifeDays));

    private decimal Sum(EventType type, Func<PlainEvent, decimal> amountOf) => events.Where(e => e.Type == type).Sum(amountOf);

    private DateOnly DayOf(DateTimeOffset time) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time, zone).DateTime);

    private DateTimeOffset StartOf(DateOnly day) => TimeZoneInfo.ConvertTimeToUtc(day.ToDateTime(TimeOnly.MinValue), zone);

    private int PeriodOf(DateOnly day) => (int)Math.Floor((day.DayNumber - new DateOnly(1970, 1, 1).DayNumber) / (double)policy.Degrees.RetentionPeriodDays);

    private static double YearsBetween(DateTimeOffset from, DateTimeOffset to) => (to - from).TotalDays / 365.25;
}
