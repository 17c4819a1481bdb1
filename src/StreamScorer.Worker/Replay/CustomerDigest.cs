using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.State;
using StreamScorer.Scoring.Tiers;

namespace StreamScorer.Worker.Replay;

/// <summary>
/// A fingerprint of a whole replay that does not depend on partitions, batches, workers or the order of customers: the wrapping sum over customers of the
/// first 128 bits of SHA-256 over id, final aggregates, held tiers and ordered transitions. Only schemes with absolute bounds count: relative ones
/// depend on when thresholds were recalibrated.
/// </summary>
public sealed class CustomerDigest(ScoringRules rules)
{
    private static readonly string[] schemeNames = ["absolute", "churn", "lifecycle"];

    private readonly TierScheme[] schemes = [.. rules.Schemes.Where(scheme => schemeNames.Contains(scheme.Name))];
    private readonly Dictionary<string, IncrementalHash> transitions = [];
    private readonly byte[] aggregates = new byte[256];
    private UInt128 sum;

    /// <summary>The sum so far, 32 hex digits.</summary>
    public string Value => sum.ToString("x32", CultureInfo.InvariantCulture);

    /// <summary>Adds a published transition; those of one customer in the order of the output, all before the customer itself.</summary>
    public void AddTransition(PublishedTransition transition)
    {
        if (!schemeNames.Contains(transition.Scheme))
            return;
        if (!transitions.TryGetValue(transition.CustomerId, out IncrementalHash? hash))
            transitions[transition.CustomerId] = hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(
            $"{transition.Scheme}|{transition.From}|{transition.To}|{transition.Direction}|{transition.Cause}|{transition.Time}\n"));
    }

    /// <summary>Adds a customer in its final state.</summary>
    public void AddCustomer(ReadOnlySpan<byte> customerId, ref readonly CustomerState state, ref readonly ColdState cold)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(customerId);
        hash.AppendData(Aggregates(in state));
        foreach (TierScheme scheme in schemes)
        {
            SchemeState held = SchemeState.Of(scheme.Id, in state, in cold);
            hash.AppendData([(byte)scheme.Id, scheme.TierOf(in held)]);
        }
        if (transitions.Remove(Encoding.UTF8.GetString(customerId), out IncrementalHash? history))
        {
            using (history)
                hash.AppendData(history.GetHashAndReset());
        }
        sum = unchecked(sum + BinaryPrimitives.ReadUInt128BigEndian(hash.GetHashAndReset()));
    }

    /// <summary>Adds the customers of another digest, which are none of this one's.</summary>
    public void Add(CustomerDigest other) => sum = unchecked(sum + other.sum);

    /// <summary>
    /// Counts, sums and times. Bookkeeping stays out: the instant of the last assessment and the transition counter also move with relative schemes.
    /// </summary>
    private ReadOnlySpan<byte> Aggregates(ref readonly CustomerState state)
    {
        var writer = new SpanWriter(aggregates);
        writer.Write(state.FirstPurchaseMs);
        writer.Write(state.LastPurchaseMs);
        writer.Write((long)state.RecentPurchaseDays);
        writer.Write(state.PurchaseCount);
        writer.Write(state.PurchaseDays);
        writer.Write(state.FirstDayPurchases);
        writer.Write(state.Revenue);
        writer.Write(state.Refunds);
        writer.Write(state.Cost);
        writer.Write(state.FirstDayRevenue);
        writer.Write(state.FirstDayProfit);
        writer.Write(state.TicketMin);
        writer.Write(state.TicketMax);
        foreach (double decayed in (ReadOnlySpan<double>)[state.DiscountedProfit, state.DecayedProfit, state.FastProfit, state.SlowProfit, state.FastPurchases, state.SlowPurchases])
            writer.Write(BitConverter.DoubleToInt64Bits(decayed));
        writer.Write((long)state.Categories);
        writer.Write(state.AsOfMs);
        return aggregates.AsSpan(0, writer.Length);
    }

    private ref struct SpanWriter(Span<byte> target)
    {
        private readonly Span<byte> target = target;

        public int Length { get; private set; }

        public void Write(long value)
        {
            BinaryPrimitives.WriteInt64LittleEndian(target[Length..], value);
            Length += sizeof(long);
        }
    }
}
