using System.Runtime.CompilerServices;

namespace StreamScorer.Scoring.State;

/// <summary>One byte per tier scheme, indexed by <see cref="Tiers.SchemeId"/>.</summary>
[InlineArray(Tiers.SchemeIds.Count)]
public struct SchemeBytes
{
    private byte first;
}

/// <summary>One business day per tier scheme: days since 1970-01-01, 0 to 65,535 (the year 2149).</summary>
[InlineArray(Tiers.SchemeIds.Count)]
public struct SchemeDays
{
    private ushort first;
}

/// <summary>One instant per axis: unix seconds, 0 for none.</summary>
[InlineArray(Tiers.SchemeIds.AxisCount)]
public struct AxisSeconds
{
    private uint first;
}
