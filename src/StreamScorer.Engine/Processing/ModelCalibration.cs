using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Signals;
using StreamScorer.Scoring.State;

namespace StreamScorer.Engine.Processing;

/// <summary>
/// Expected against observed repeat purchase days of a partition's customers, in event time. The expected number is the integral of the population's purchase
/// rate: at every sweep the model's expectation for the next day over all customers, held until the next sweep. Models of this family drift by a fifth to a
/// third in level; the ratio says by how much. Not safe for concurrent use.
/// </summary>
public sealed class ModelCalibration(ScoringRules rules)
{
    private ScoringRules rules = rules;
    private double ratePerDay;
    private double measuredPerDay;
    private long measuringMs = long.MinValue;
    private long sinceMs = long.MinValue;

    /// <summary>Repeat purchase days that the model expected since the first sweep.</summary>
    public double Expected { get; private set; }

    /// <summary>Repeat purchase days that came since the first sweep.</summary>
    public long Observed { get; private set; }

    /// <summary>Expects by another model from the next sweep on.</summary>
    public void Use(ScoringRules next) => rules = next;

    /// <summary>A sweep begins: what was expected since the last one is known now.</summary>
    /// <param name="atMs">The sweep's instant, unix milliseconds; rises from sweep to sweep.</param>
    public void BeginSweep(long atMs)
    {
        if (sinceMs != long.MinValue)
            Expected += ratePerDay * (atMs - sinceMs) / BusinessCalendar.DayMs;
        (measuringMs, measuredPerDay) = (atMs, 0);
        sinceMs = sinceMs == long.MinValue ? sinceMs : atMs;
    }

    /// <summary>Adds one customer's expectation as of the sweep's instant.</summary>
    public void Measure(in CustomerSignals signals)
    {
        if (signals.HasPurchases && !signals.HasEnded)
            measuredPerDay += rules.Purchases.ExpectedPurchases(signals.History, BusinessCalendar.DayMs / rules.UnitMs);
    }

    /// <summary>All customers are measured.</summary>
    public void EndSweep() => (ratePerDay, sinceMs) = (measuredPerDay, measuringMs);

    /// <summary>Counts the purchase days that an event added.</summary>
    /// <param name="daysBefore"><see cref="CustomerState.PurchaseDays"/> before the event; the first day of a customer is no repeat.</param>
    /// <param name="state">The customer after it.</param>
    public void Observe(int daysBefore, ref readonly CustomerState state)
    {
        if (daysBefore > 0 && sinceMs != long.MinValue)
            Observed += state.PurchaseDays - daysBefore;
    }
}
