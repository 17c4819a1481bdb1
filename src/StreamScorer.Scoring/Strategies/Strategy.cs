using System.Collections.Immutable;
using System.Text.Json.Serialization;
using StreamScorer.Scoring.Tiers;
using StreamScorer.Scoring.Tiers.Schemes;

namespace StreamScorer.Scoring.Strategies;

/// <summary>
/// What to do about a customer in a certain position. Every condition that is given must hold; of a list of tiers, stages or directions one must, of a list of
/// flags all must. A condition left out always holds.
/// </summary>
public sealed record Strategy
{
    /// <summary>Id carried by transitions.</summary>
    public required string Id { get; init; }

    /// <summary>Qualified tiers, such as <c>pyramid.gold</c>.</summary>
    public ImmutableArray<string> Tiers { get; init; } = [];

    /// <summary>Stages of the relationship, such as <c>decline</c>.</summary>
    public ImmutableArray<LifecycleStage> Stages { get; init; } = [];

    /// <summary>Directions of the transition, such as <c>down</c>.</summary>
    public ImmutableArray<TierDirection> Directions { get; init; } = [];

    /// <summary>Flags, such as <c>unwelcome</c>.</summary>
    public ImmutableArray<TransitionFlags> Flags { get; init; } = [];

    /// <summary>What to do, each with its source.</summary>
    public required ImmutableArray<Advice> Advice { get; init; }

    /// <summary>
    /// How specific it is: a condition on flags weighs more than one on the tier, that more than one on the stage, and that more than one on the direction,
    /// whatever else is given. The flag <c>unwelcome</c> comes before everything.
    /// </summary>
    [JsonIgnore]
    public int Specificity => (Flags.Contains(TransitionFlags.Unwelcome) ? 16 : 0) + (Flags.IsEmpty ? 0 : 8) + (Tiers.IsEmpty ? 0 : 4) + (Stages.IsEmpty ? 0 : 2) + (Directions.IsEmpty ? 0 : 1);
}

/// <summary>One piece of advice.</summary>
/// <param name="English">English text.</param>
/// <param name="Chinese">Chinese text.</param>
/// <param name="Source">Key of the source in the file's list of sources.</param>
public sealed record Advice(string English, string Chinese, string Source);
