namespace StreamScorer.Scoring.Models.Fitting;

/// <summary>A maximum-likelihood estimate.</summary>
/// <typeparam name="TParameters">The model's parameters.</typeparam>
/// <param name="Parameters">Where the likelihood is largest.</param>
/// <param name="LogLikelihood">Natural log of the likelihood there, over all customers.</param>
/// <param name="Estimates">The parameters one by one, with their standard errors.</param>
/// <param name="Customers">Customers that the likelihood is over.</param>
/// <param name="Evaluations">Evaluations of the likelihood.</param>
/// <param name="Converged">False when the search ran out of evaluations.</param>
public sealed record FitResult<TParameters>(
    TParameters Parameters,
    double LogLikelihood,
    IReadOnlyList<ParameterEstimate> Estimates,
    int Customers,
    int Evaluations,
    bool Converged);

/// <summary>One fitted parameter.</summary>
/// <param name="Name">As the papers write it: r, alpha, a, b, s, beta, p, q, v.</param>
/// <param name="Value">The estimate.</param>
/// <param name="StandardError">
/// Square root of the inverse observed information; NaN where the likelihood is flat, so that the data does not tell.
/// </param>
public readonly record struct ParameterEstimate(string Name, double Value, double StandardError);

/// <summary>How far a search has come.</summary>
/// <param name="Model">What is being fitted, such as "MBG/CNBD-2".</param>
/// <param name="Evaluations">Evaluations of the likelihood so far.</param>
/// <param name="LogLikelihood">The best so far.</param>
public readonly record struct FitProgress(string Model, int Evaluations, double LogLikelihood);

/// <summary>MBG/CNBD-k fitted for k = 1, 2, ... until the likelihood falls.</summary>
/// <param name="Best">The k with the largest likelihood.</param>
/// <param name="Candidates">All that were tried, in the order of k.</param>
public sealed record RegularityChoice(
    FitResult<MbgCnbdParameters> Best,
    IReadOnlyList<FitResult<MbgCnbdParameters>> Candidates);
