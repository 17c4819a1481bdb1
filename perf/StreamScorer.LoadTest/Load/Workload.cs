using StreamScorer.Engine.Source;

namespace StreamScorer.LoadTest.Load;

/// <summary>
/// Invented customers and their purchases: event i is a function of i alone, so that the load, the oracle and a reader of the results agree without sharing anything.
/// </summary>
/// <param name="Customers">Number of customers.</param>
/// <param name="Partitions">Partitions of the topic.</param>
/// <param name="Zipf">Whether the customer of rank n buys n times as seldom as the first; else all buy as often.</param>
internal sealed record Workload(int Customers, int Partitions, bool Zipf)
{
    /// <summary>Customers share so many histories.</summary>
    public const int Histories = 1024;

    /// <summary>So many of the histories end in silence: these customers have no events in the load.</summary>
    public const int SilentHistories = 64;

    /// <summary>Whether a customer's silence falls due while the load runs.</summary>
    public static bool IsSilent(int customer) => customer % Histories < SilentHistories;

    /// <summary>The event with a number, at a time of the caller's choice.</summary>
    public LoadEvent EventAt(long number, long timeMs)
    {
        ulong random = Mix((ulong)number);
        int customer = CustomerOf(random);
        // Who is to fall silent buys nothing; the neighbour does.
        if (IsSilent(customer) && customer + SilentHistories < Customers)
            customer += SilentHistories;
        // What a customer spends is its own: some buy for ten, some for ninety.
        int usual = 1000 + (int)(Mix((ulong)customer + 0x9E37_79B9) % 8000);
        int amount = Math.Clamp(usual + (int)(random >> 40) % 1000, 1000, 9999);
        return new LoadEvent(number, customer, timeMs, amount, 1000, (int)(random >> 16) & 15);
    }

    /// <summary>The partition of a customer id.</summary>
    public int PartitionOf(ReadOnlySpan<byte> customerId) => Partitioner.Murmur2(customerId, Partitions);

    private int CustomerOf(ulong random)
    {
        double share = (random >> 11) * (1.0 / (1UL << 53));
        return Zipf ? (int)Math.Min(Customers - 1, Math.Pow(Customers, share) - 1) : (int)(share * Customers);
    }

    // The finalizer of SplitMix64 (Steele, Lea, Flood 2014).
    private static ulong Mix(ulong value)
    {
        value += 0x9E37_79B9_7F4A_7C15;
        value = (value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9;
        value = (value ^ (value >> 27)) * 0x94D0_49BB_1331_11EB;
        return value ^ (value >> 31);
    }
}
