using System.Text.Json.Serialization;
using StreamScorer.Scoring.Models.Fitting;

namespace StreamScorer.Worker.Analysis;

/// <summary>What a fit found.</summary>
/// <param name="Customers">Customers fitted.</param>
/// <param name="Until">Last day of the calibration period; null when the stored state was fitted.</param>
/// <param name="Unit">Unit of time.</param>
/// <param name="K">Regularity chosen by likelihood, 1..4; the policy's when the stored state was fitted.</param>
/// <param name="DropoutIdentified">False when the data cannot tell leaving from slow buying: do not trust P(alive) then.</param>
/// <param name="MbgNbd">MBG/NBD; null when the stored state was fitted with k above 1.</param>
/// <param name="MbgCnbd">MBG/CNBD-k of the chosen k.</param>
/// <param name="BgNbd">BG/NBD, for comparison with published figures.</param>
/// <param name="GammaGamma">Spend; null without repeat spend.</param>
/// <param name="HoldOut">Predictions against the hold-out period; empty without one.</param>
internal sealed record FitReport(
    int Customers,
    DateOnly? Until,
    string Unit,
    int K,
    bool DropoutIdentified,
    FittedModel? MbgNbd,
    FittedModel MbgCnbd,
    FittedModel? BgNbd,
    FittedSpend? GammaGamma,
    IReadOnlyList<HoldOutLine> HoldOut);

/// <summary>Four parameters of a purchase model, with standard errors (NaN is written as null).</summary>
internal sealed record FittedModel(double R, double Alpha, double A, double B, double LogLikelihood, IReadOnlyList<double?> StandardErrors);

/// <summary>Three parameters of the spend model.</summary>
internal sealed record FittedSpend(double P, double Q, double V, double LogLikelihood, IReadOnlyList<double?> StandardErrors);

/// <summary>One model against the hold-out period.</summary>
internal sealed record HoldOutLine(string Model, HoldOutReport Report);

/// <summary>JSON of the report.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(FitReport))]
internal sealed partial class FitJson : JsonSerializerContext;
