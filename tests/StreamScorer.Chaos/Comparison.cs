using StreamScorer.Worker.Replay;

namespace StreamScorer.Chaos;

/// <summary>The transitions of one run against those of an undisturbed one, customer by customer.</summary>
/// <param name="Missing">In the undisturbed run alone.</param>
/// <param name="Twice">In the other run more often than in the undisturbed one, which includes those that it lacks altogether.</param>
/// <param name="OutOfOrder">Behind one of the same customer that they precede in the undisturbed run.</param>
internal readonly record struct Comparison(int Missing, int Twice, int OutOfOrder)
{
    /// <summary>Whether there is no difference.</summary>
    public bool IsClean => this is { Missing: 0, Twice: 0, OutOfOrder: 0 };

    /// <summary>Compares all customers of both runs.</summary>
    public static Comparison Of(IReadOnlyDictionary<string, List<PublishedTransition>> undisturbed, IReadOnlyDictionary<string, List<PublishedTransition>> other)
    {
        var sum = default(Comparison);
        foreach (string customer in undisturbed.Keys.Union(other.Keys))
        {
            Comparison one = Of(undisturbed.GetValueOrDefault(customer) ?? [], other.GetValueOrDefault(customer) ?? []);
            sum = new Comparison(sum.Missing + one.Missing, sum.Twice + one.Twice, sum.OutOfOrder + one.OutOfOrder);
        }
        return sum;
    }

    /// <summary>Compares one customer's transitions.</summary>
    public static Comparison Of(IReadOnlyList<PublishedTransition> undisturbed, IReadOnlyList<PublishedTransition> other)
    {
        var places = new Dictionary<PublishedTransition, Queue<int>>();
        for (int i = 0; i < undisturbed.Count; i++)
        {
            if (!places.TryGetValue(undisturbed[i], out Queue<int>? same))
                places[undisturbed[i]] = same = new Queue<int>();
            same.Enqueue(i);
        }
        int twice = 0, outOfOrder = 0, last = -1;
        foreach (PublishedTransition transition in other)
        {
            if (!places.TryGetValue(transition, out Queue<int>? same) || !same.TryDequeue(out int place))
                twice++;
            else if (place < last)
                outOfOrder++;
            else
                last = place;
        }
        return new Comparison(places.Values.Sum(left => left.Count), twice, outOfOrder);
    }

    /// <inheritdoc/>
    public override string ToString() => $"missing {Missing}, twice {Twice}, out of order {OutOfOrder}";
}
