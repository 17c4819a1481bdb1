using StreamScorer.Scoring.Models;
using StreamScorer.Worker.Input;

namespace StreamScorer.Worker.Analysis;

/// <summary>What <c>streamscorer fit</c> was asked.</summary>
internal sealed record FitRequest
{
    /// <summary>The log; null to fit the stored state.</summary>
    public required string? File { get; init; }

    /// <summary>Columns by field, for CSV.</summary>
    public required ColumnMap Map { get; init; }

    /// <summary>Last day of the calibration period; null for the last day of the file.</summary>
    public required DateOnly? Until { get; init; }

    /// <summary>Last day of the hold-out period; null for none.</summary>
    public required DateOnly? HoldOutUntil { get; init; }

    /// <summary>Unit of time of the models.</summary>
    public required ModelUnit Unit { get; init; }

    /// <summary>Where a policy with the estimates is written; null for nowhere.</summary>
    public required string? PolicyOut { get; init; }

    /// <summary>One JSON object instead of tables.</summary>
    public required bool Json { get; init; }
}
