using StreamScorer.Scoring.Policy;

namespace StreamScorer.Engine.Processing;

/// <summary>
/// A policy's rules, and the population as they see it. One value, because a partition that still finishes a batch under the former rules must not compare with
/// the bounds of the next ones.
/// </summary>
internal sealed record PolicyInForce(ScoringRules Rules, PopulationBoard Board);
