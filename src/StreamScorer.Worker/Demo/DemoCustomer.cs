namespace StreamScorer.Worker.Demo;

/// <summary>
/// One invented customer: how much and how often, in which season, until when. Tickets follow Zipf's law over the ranks, so that few customers bring
/// most of the money; lifetimes are exponential, so that some leave every month without saying so.
/// </summary>
internal sealed class DemoCustomer
{
    /// <summary>Id of the first customer, who buys most: a good one to look at.</summary>
    public const string FirstId = "C00001";

    private const double ZipfExponent = 0.75;
    private const double LargestTicket = 1_900;
    private const double MeanLifetimeDays = 420;

    private static readonly (string Name, double CostShare)[] categories =
        [("grocery", 0.82), ("home", 0.61), ("garden", 0.58), ("fashion", 0.44), ("electronics", 0.79), ("books", 0.66), ("toys", 0.52), ("travel", 0.88)];

    private static readonly string[] channels = ["web", "store", "app", "phone"];

    private readonly Random random;
    private readonly double meanTicket;
    private readonly double meanGapDays;
    private readonly double refundShare;
    private readonly int favourite;

    /// <param name="number">Number of the customer, from 1; the first ones are the ranks of Zipf's law.</param>
    /// <param name="population">Ranks.</param>
    /// <param name="random">Source of every choice.</param>
    /// <param name="firstUtc">First purchase.</param>
    public DemoCustomer(int number, int population, Random random, DateTime firstUtc)
    {
        this.random = random;
        Id = $"C{number:00000}";
        NextUtc = firstUtc;
        int rank = number <= population ? number : random.Next(1, population + 1);
        meanTicket = Math.Max(6, LargestTicket * Math.Pow(rank, -ZipfExponent));
        meanGapDays = 7 + (73 * random.NextDouble() * random.NextDouble()) + (rank > population / 2 ? 25 * random.NextDouble() : 0);
        refundShare = random.NextDouble() < 0.06 ? 0.35 : 0.03;
        favourite = random.Next(categories.Length);
        double lifetime = -Math.Log(1 - random.NextDouble()) * MeanLifetimeDays * (rank <= population / 20 ? 2.5 : 1);
        LeavesUtc = firstUtc.AddDays(Math.Min(lifetime, 36_500));
    }

    /// <summary>Customer id.</summary>
    public string Id { get; }

    /// <summary>The next purchase.</summary>
    public DateTime NextUtc { get; private set; }

    /// <summary>From here on the customer buys no more.</summary>
    public DateTime LeavesUtc { get; }

    /// <summary>Whether the next purchase will happen.</summary>
    public bool IsActive => NextUtc < LeavesUtc;

    /// <summary>The purchase at <see cref="NextUtc"/>, which then moves on.</summary>
    /// <param name="number">Position in the stream.</param>
    public DemoEvent Buy(long number)
    {
        (string category, double costShare) = categories[random.NextDouble() < 0.6 ? favourite : random.Next(categories.Length)];
        decimal amount = Cents(Math.Max(0.5, meanTicket * Season(NextUtc) * Math.Exp(0.5 * Normal())));
        decimal cost = Cents((double)amount * Math.Clamp(costShare + (0.06 * Normal()), 0.2, 0.98));
        var bought = new DemoEvent(Id, number, NextUtc, IsRefund: false, amount, cost, category, channels[random.Next(channels.Length)]);
        double gapDays = Math.Max(0.2, meanGapDays * (0.35 - (0.65 * Math.Log(1 - random.NextDouble()))) / Season(NextUtc));
        NextUtc = NextUtc.AddDays(gapDays).Date.AddSeconds(random.Next(8 * 3600, 22 * 3600));
        if (NextUtc <= bought.Utc)
            NextUtc = bought.Utc.AddHours(1);
        return bought;
    }

    /// <summary>The refund that follows <paramref name="purchase"/>, or null for the many that are kept. Its number is given when its time comes.</summary>
    public DemoEvent? Regret(DemoEvent purchase)
    {
        if (random.NextDouble() >= refundShare)
            return null;
        double share = random.NextDouble() < 0.7 ? 1 : random.NextDouble();
        decimal amount = Cents(Math.Max(0.01, (double)purchase.Amount * share));
        return purchase with
        {
            IsRefund = true,
            Utc = purchase.Utc.AddDays(2 + (random.NextDouble() * 12)),
            Amount = amount,
            Cost = Cents((double)purchase.Cost * share),
        };
    }

    /// <summary>Shoppers' year: a peak before Christmas, a lull after it, a small one in summer.</summary>
    private static double Season(DateTime utc) => (utc.Month, utc.Day) switch
    {
        (11, >= 20) or (12, <= 23) => 1.7,
        (1, >= 5) or (2, _) => 0.75,
        (7 or 8, _) => 0.85,
        _ => 1,
    };

    private static decimal Cents(double money) => Math.Round((decimal)money, 2);

    /// <summary>Standard normal by Box and Muller (1958).</summary>
    private double Normal() =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
