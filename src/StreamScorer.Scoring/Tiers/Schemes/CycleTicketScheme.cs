using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Populations;

namespace StreamScorer.Scoring.Tiers.Schemes;

/// <summary>
/// Average purchase cycle by average ticket, three by three. The cycle is the effective one: a silence longer than the average cycle is the cycle. A tier is the
/// sum of the two positions; on the diagonal the kinds of silver are told apart.
/// </summary>
public sealed class CycleTicketScheme(CycleTicketPolicy policy, SchemesPolicy schemes)
    : AxisScheme(SchemeId.CycleTicket, SchemeName, [new(AxisSignal.EffectiveCycleDays, LowerIsBetter: true), new(AxisSignal.Ticket)],
        policy.Cuts == CycleTicketCuts.Absolute ? FromPolicy(policy) : null, policy, schemes,
        "platinum", "gold", "silver-a", "silver-b", "silver-c", "developing", "adjusting")
{
    /// <summary>Name of the scheme.</summary>
    public const string SchemeName = "cycle-ticket";

    /// <summary>Group of platinum and gold.</summary>
    public const string Priority = "priority";

    // By cycle (short, medium, long), then by ticket (large, medium, small).
    private static ReadOnlySpan<byte> Cells =>
    [
        1, 2, 5,
        2, 4, 6,
        3, 6, 7,
    ];

    private static ReadOnlySpan<byte> Ranks => [1, 2, 3, 3, 3, 4, 5];

    /// <inheritdoc/>
    public override int MinPurchaseDays => policy.MinPurchaseDays;

    /// <inheritdoc/>
    public override byte TierOf(in SchemeState held) => held.Axis0 == 0 ? (byte)0 : Cells[(held.Axis0 - 1) * 3 + held.Axis1 - 1];

    /// <inheritdoc/>
    public override int RankOf(byte tier) => Ranks[tier - 1];

    /// <inheritdoc/>
    public override string? GroupOf(byte tier) => tier is 1 or 2 ? Priority : null;

    /// <inheritdoc/>
    public override AxisBounds[] Calibrate(Population population)
    {
        Distribution cycles = population[Quantity.CycleDays], tickets = population[Quantity.Ticket];
        // The best third of the cycles are the shortest ones: the top two thirds end where they begin.
        double[] shortest = [-cycles.ValueAtTopShare(2.0 / 3), -cycles.ValueAtTopShare(1.0 / 3)];
        double[] largest = [tickets.ValueAtTopShare(1.0 / 3), tickets.ValueAtTopShare(2.0 / 3)];
        return [AxisBounds.WithBand(shortest, policy.BandShare, 0), AxisBounds.WithBand(largest, policy.BandShare, 0)];
    }

    private static AxisBounds[] FromPolicy(CycleTicketPolicy policy) =>
    [
        AxisBounds.WithBand([-policy.CycleDays[0], -policy.CycleDays[1]], policy.BandShare, 0),
        AxisBounds.WithBand(policy.Tickets.AsSpan(), policy.BandShare, 0),
    ];
}
