using StreamScorer.Scoring.Tiers;

namespace StreamScorer.Engine.Publish;

/// <summary>What is the same in all transitions of a scheme, as bytes: of JSON, except for the header.</summary>
internal sealed class SchemeText(TierScheme scheme, byte[] header)
{
    /// <summary>Name of the scheme.</summary>
    public byte[] Name { get; } = TransitionText.Encoded(scheme.Name);

    /// <summary>Record header that names the scheme, packed.</summary>
    public byte[] Header { get; } = header;

    /// <summary>Names by tier number, from 0 for none.</summary>
    public byte[][] Tiers { get; } = [.. Enumerable.Range(0, scheme.Tiers.Count + 1).Select(tier => TransitionText.Encoded(scheme.TierName(tier)))];

    /// <summary>Names of the tiers' groups by tier number; null where there is none.</summary>
    public byte[]?[] Groups { get; } =
        [.. Enumerable.Range(0, scheme.Tiers.Count + 1).Select(tier => scheme.GroupOf((byte)tier) is { } group ? TransitionText.Encoded(group) : null)];
}
