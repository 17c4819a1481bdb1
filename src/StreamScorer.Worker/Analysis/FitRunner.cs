using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Spectre.Console;
using StreamScorer.Scoring.Models;
using StreamScorer.Scoring.Models.Fitting;
using StreamScorer.Scoring.Models.Reference;
using StreamScorer.Scoring.Policy;
using StreamScorer.Worker.Configuration;
using StreamScorer.Worker.Hosting;
using StreamScorer.Worker.Input;

namespace StreamScorer.Worker.Analysis;

/// <summary>Estimates the models from a log or from the stored state, tries them on a hold-out period, and writes a policy.</summary>
internal static class FitRunner
{
    /// <summary>Writes the report to <paramref name="output"/> and warnings to <paramref name="error"/>.</summary>
    public static async Task RunAsync(
        StreamScorerOptions options, FitRequest request, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        ScoringRules rules = PolicyLoader.Load(options.PolicyFile);
        FitReport report = await ShowProgressAsync(progress => request.File is null
            ? FitStateAsync(options, rules, progress, cancellation)
            : Task.FromResult(FitFile(request, rules, progress, cancellation)));
        if (!report.DropoutIdentified)
            error.WriteLine("warning: dropoutIdentified is false: these data cannot tell leaving from slow buying, so P(alive) stays near 1; prefer a longer log");
        if (request.Json)
            output.WriteLine(JsonSerializer.Serialize(report, FitJson.Default.FitReport));
        else
            FitPrinter.Print(report, output);
        if (request.PolicyOut is not null)
            Write(request.PolicyOut, report, rules.Policy, request.Unit);
    }

    private static FitReport FitFile(FitRequest request, ScoringRules rules, Action<FitProgress> progress, CancellationToken cancellation)
    {
        (IReadOnlyList<CustomerHistory> histories, DateOnly until, double horizon) = HistoryReader.FromFile(request, rules, cancellation);
        if (histories.Count == 0)
            throw new EventFileException($"{request.File}: no purchase on or before {until:O}");
        RegularityChoice choice = PurchaseModelFit.MbgCnbd(histories, progress);
        FitResult<BgNbd> bg = PurchaseModelFit.BgNbd(histories, progress);
        var holdOut = new List<HoldOutLine>();
        foreach (FitResult<MbgCnbdParameters> candidate in horizon > 0 ? choice.Candidates : [])
        {
            string name = candidate.Parameters.K == 1 ? "MBG/NBD" : $"MBG/CNBD-{candidate.Parameters.K}";
            holdOut.Add(new HoldOutLine(name, HoldOut.Evaluate(new MbgCnbd(candidate.Parameters), histories, horizon)));
        }
        MbgCnbdParameters best = choice.Best.Parameters;
        return new FitReport(
            histories.Count, until, request.Unit.ToString().ToLowerInvariant(), best.K, best.DropoutIdentified,
            ModelOf(choice.Candidates[0]), ModelOf(choice.Best),
            new FittedModel(bg.Parameters.R, bg.Parameters.Alpha, bg.Parameters.A, bg.Parameters.B, bg.LogLikelihood, Errors(bg.Estimates)),
            SpendOf(histories, progress), holdOut);
    }

    private static async Task<FitReport> FitStateAsync(
        StreamScorerOptions options, ScoringRules rules, Action<FitProgress> progress, CancellationToken cancellation)
    {
        await using Deployment deployment = options.Source == SourceKind.Kafka
            ? await Deployment.OpenAsync(options, NullLoggerFactory.Instance, cancellation)
            : Deployment.OpenStandaloneReadOnly(options);
        IReadOnlyList<CustomerHistory> histories = await HistoryReader.FromStateAsync(deployment.Store, deployment.PartitionCount, rules, cancellation);
        if (histories.Count == 0)
            throw new EventFileException("the store holds no customer with a purchase");
        int k = rules.Policy.Model.K;
        FitResult<MbgCnbdParameters> fit = PurchaseModelFit.MbgCnbd(histories, k, progress);
        return new FitReport(
            histories.Count, null, $"{rules.Policy.Model.UnitDays} days", k, fit.Parameters.DropoutIdentified, k == 1 ? ModelOf(fit) : null, ModelOf(fit), null,
            SpendOf(histories, progress), []);
    }

    private static FittedSpend? SpendOf(IReadOnlyList<CustomerHistory> histories, Action<FitProgress> progress)
    {
        if (!histories.Any(history => history.SpendDays > 0))
            return null;
        FitResult<GammaGamma> fit = PurchaseModelFit.GammaGamma(histories, progress);
        return new FittedSpend(fit.Parameters.P, fit.Parameters.Q, fit.Parameters.V, fit.LogLikelihood, Errors(fit.Estimates));
    }

    private static FittedModel ModelOf(FitResult<MbgCnbdParameters> fit) =>
        new(fit.Parameters.R, fit.Parameters.Alpha, fit.Parameters.A, fit.Parameters.B, fit.LogLikelihood, Errors(fit.Estimates));

    private static IReadOnlyList<double?> Errors(IReadOnlyList<ParameterEstimate> estimates) =>
        [.. estimates.Select(estimate => double.IsFinite(estimate.StandardError) ? estimate.StandardError : (double?)null)];

    private static void Write(string path, FitReport report, ScoringPolicy policy, ModelUnit unit)
    {
        FittedModel m = report.MbgCnbd;
        ModelPolicy model = policy.Model with
        {
            UnitDays = report.Until is null ? policy.Model.UnitDays : unit.Days(),
            K = report.K,
            R = m.R,
            Alpha = m.Alpha,
            A = m.A,
            B = m.B,
        };
        if (report.GammaGamma is { } spend)
            model = model with { SpendP = spend.P, SpendQ = spend.Q, SpendV = spend.V };
        ScoringPolicy fitted = policy with { Version = policy.Version + 1, Model = model };
        IReadOnlyList<string> errors = PolicyValidation.Check(fitted);
        if (errors.Count > 0)
            throw new OptionsException([.. errors.Select(e => $"{path} is not written, because the estimates do not suit the policy: {e}")]);
        File.WriteAllText(path, PolicyFile.Format(fitted));
    }

    private static async Task<FitReport> ShowProgressAsync(Func<Action<FitProgress>, Task<FitReport>> fit)
    {
        if (Console.IsErrorRedirected)
            return await fit(_ => { });
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return await console.Status().StartAsync("reading", status =>
            fit(step => status.Status($"{step.Model}: {step.Evaluations} evaluations, log-likelihood {step.LogLikelihood:F2}")));
    }
}
