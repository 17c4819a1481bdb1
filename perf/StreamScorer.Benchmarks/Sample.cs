using System.Globalization;
using System.Text;
using StreamScorer.Engine.Decode;
using StreamScorer.Engine.Source;
using StreamScorer.Scoring;
using StreamScorer.Scoring.Events;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Populations;
using StreamScorer.Scoring.Signals;
using StreamScorer.Scoring.State;
using StreamScorer.Scoring.Tiers;

namespace StreamScorer.Benchmarks;

/// <summary>What the benchmarks work on: customers with a purchase every fortnight, the population that they make, and one more purchase of each.</summary>
public sealed class Sample
{
    /// <summary>Instant up to which the customers are scored, unix milliseconds: 2026-06-01.</summary>
    public const long NowMs = 1_780_272_000_000;

    private const int Purchases = 12;
    private static readonly TierChangeBuffer ignored = new();

    /// <param name="customers">Number of customers.</param>
    public Sample(int customers)
    {
        States = new CustomerState[customers];
        Records = new RecordBatch(1, customers);
        var sketch = new PopulationSketch();
        for (int customer = 0; customer < customers; customer++)
        {
            for (int purchase = Purchases; purchase > 0; purchase--)
                Apply(ref States[customer], customer, purchase);
            PopulationBuckets held = PopulationBuckets.None;
            var signals = new CustomerSignals(in States[customer], in ColdState.None, Rules, NowMs);
            sketch.Move(ref held, PopulationBuckets.Of(in signals, in States[customer]));
            byte[] value = Encoding.UTF8.GetBytes(Json(customer));
            Records.Add(customer, NowMs, hasKey: true, IdOf(customer), hasValue: true, value, default);
        }
        Population = new Population(1, sketch, Rules.Schemes);
    }

    /// <summary>The default policy.</summary>
    public ScoringRules Rules { get; } = new(new ScoringPolicy());

    /// <summary>The customers before their next purchase.</summary>
    public CustomerState[] States { get; }

    /// <summary>All of them together.</summary>
    public Population Population { get; }

    /// <summary>One purchase of each, as raw records.</summary>
    public RecordBatch Records { get; }

    /// <summary>Id of a customer.</summary>
    public static byte[] IdOf(int customer) => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"C{customer:d8}"));

    /// <summary>Amount of a customer's purchase, currency units.</summary>
    public static int AmountOf(int customer) => 20 + customer % 60;

    private void Apply(ref CustomerState state, int customer, int purchasesAgo)
    {
        var e = new CustomerEvent
        {
            Type = EventType.Purchase,
            TimeMs = NowMs - purchasesAgo * 14 * BusinessCalendar.DayMs,
            Amount = AmountOf(customer) * Money.Unit,
            EventIdHash = (ulong)(customer * Purchases + purchasesAgo),
        };
        ColdState cold = default;
        ignored.Clear();
        Scorer.Apply(ref state, ref cold, in e, Rules, Population.None, ignored, out _);
        state.DeadlineMs = long.MaxValue;
    }

    private static string Json(int customer) => string.Create(CultureInfo.InvariantCulture, $$"""
        {"customerId":"C{{customer:d8}}","id":"order-{{customer:d10}}","time":"2026-06-01T08:00:00.000Z","type":"purchase","amount":{{AmountOf(customer)}}.00,"cost":12.50,"currency":"USD","category":"category-{{customer % 8}}","order":{"lines":3,"staff":false} }
        """);
}
