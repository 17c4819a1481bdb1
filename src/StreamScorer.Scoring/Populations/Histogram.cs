using System.Runtime.CompilerServices;

namespace StreamScorer.Scoring.Populations;

/// <summary>
/// How many customers are in each bucket of one quantity. Buckets never collapse into one another, so a customer can be taken out again exactly, and merging
/// in any order gives the same. Dense over the range in use. Not safe for concurrent use.
/// </summary>
/// <param name="scale">What the buckets mean.</param>
public sealed class Histogram(BucketScale scale)
{
    private const int Slack = 64;
    private int[] counts = [];
    private int first;

    /// <summary>What the buckets mean.</summary>
    public BucketScale Scale { get; } = scale;

    /// <summary>Customers in it.</summary>
    public long Count { get; private set; }

    /// <summary>Lowest bucket that may be in use.</summary>
    public int First => first;

    /// <summary>Highest bucket that may be in use; below <see cref="First"/> when none is.</summary>
    public int Last => first + counts.Length - 1;

    /// <summary>Customers in a bucket.</summary>
    public int this[int bucket] => (uint)(bucket - first) < (uint)counts.Length ? counts[bucket - first] : 0;

    /// <summary>Adds customers to a bucket, or takes them out with a negative number.</summary>
    public void Add(int bucket, int customers)
    {
        if ((uint)(bucket - first) >= (uint)counts.Length)
            GrowTo(bucket);
        counts[bucket - first] += customers;
        Count += customers;
    }

    /// <summary>Moves a customer from one bucket to another, or the same.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Move(int from, int to)
    {
        if ((uint)(from - first) >= (uint)counts.Length)
            GrowTo(from);
        if ((uint)(to - first) >= (uint)counts.Length)
            GrowTo(to);
        counts[from - first]--;
        counts[to - first]++;
    }

    /// <summary>Adds all customers of another histogram of the same quantity, or takes them out with -1.</summary>
    public void Merge(Histogram other, int sign)
    {
        if (other.counts.Length == 0)
            return;
        if (other.first < first || other.Last > Last || counts.Length == 0)
            Cover(other.first, other.Last);
        Span<int> target = counts.AsSpan(other.first - first, other.counts.Length);
        for (int i = 0; i < target.Length; i++)
            target[i] += sign * other.counts[i];
        Count += sign * other.Count;
    }

    /// <summary>A copy that later changes do not reach.</summary>
    public Histogram Copy() => new(Scale) { counts = [.. counts], first = first, Count = Count };

    private void GrowTo(int bucket)
    {
        bool isEmpty = counts.Length == 0;
        Cover(isEmpty || bucket < first ? bucket - Slack : bucket, isEmpty || bucket > Last ? bucket + Slack : bucket);
    }

    private void Cover(int low, int high)
    {
        (low, high) = counts.Length == 0 ? (low, high) : (Math.Min(first, low), Math.Max(Last, high));
        int[] grown = new int[high - low + 1];
        counts.CopyTo(grown, counts.Length == 0 ? 0 : first - low);
        (counts, first) = (grown, low);
    }
}
