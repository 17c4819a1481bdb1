using System.Collections;

namespace StreamScorer.Worker.Demo;

/// <summary>
/// The endless stream of events of invented customers, in time order. The same seed gives the same stream, so that a restarted worker goes on by
/// skipping as many events as its log already has.
/// </summary>
public sealed class DemoStream : IEnumerable<DemoEvent>
{
    private readonly int population;
    private readonly int seed;
    private readonly DateTime startUtc;

    /// <param name="population">Customers of the first months.</param>
    /// <param name="seed">Same seed, same stream.</param>
    /// <param name="startUtc">First instant of the demo's calendar.</param>
    public DemoStream(int population, int seed, DateTime startUtc)
    {
        this.population = population;
        this.seed = seed;
        this.startUtc = startUtc;
    }

    /// <inheritdoc/>
    public IEnumerator<DemoEvent> GetEnumerator()
    {
        var random = new Random(seed);
        // One customer joins for each that leaves, on average; the queue breaks ties by number, else equal times would come in any order.
        double joinEveryDays = 330.0 / population;
        var due = new PriorityQueue<(DemoCustomer? Buyer, DemoEvent Refund), (DateTime Utc, long Tie)>();
        long ties = 0;
        int customers = 0;
        long number = 0;

        void Join(DateTime utc)
        {
            var customer = new DemoCustomer(++customers, population, random, utc);
            due.Enqueue((customer, default), (customer.NextUtc, ties++));
        }

        for (int i = 0; i < population; i++)
            Join(startUtc.AddDays(300 * random.NextDouble()));
        DateTime joinsUtc = startUtc.AddDays(300);

        while (true)
        {
            while (due.TryPeek(out _, out (DateTime Utc, long) next) && joinsUtc <= next.Utc)
            {
                Join(joinsUtc);
                joinsUtc = joinsUtc.AddDays(joinEveryDays * 2 * random.NextDouble());
            }
            (DemoCustomer? buyer, DemoEvent refund) = due.Dequeue();
            if (buyer is null)
            {
                yield return refund with { Number = ++number };
                continue;
            }
            DemoEvent bought = buyer.Buy(++number);
            yield return bought;
            if (buyer.Regret(bought) is DemoEvent regretted)
                due.Enqueue((null, regretted), (regretted.Utc, ties++));
            if (buyer.IsActive)
                due.Enqueue((buyer, default), (buyer.NextUtc, ties++));
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
