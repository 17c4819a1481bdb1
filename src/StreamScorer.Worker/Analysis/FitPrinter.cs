using System.Globalization;
using Spectre.Console;
using StreamScorer.Worker.CommandLine;

namespace StreamScorer.Worker.Analysis;

/// <summary>A fit for people.</summary>
internal static class FitPrinter
{
    /// <summary>Prints tables to <paramref name="output"/>.</summary>
    public static void Print(FitReport report, TextWriter output)
    {
        IAnsiConsole console = TableConsole.On(output);
        output.WriteLine($"{report.Customers} customers{(report.Until is { } until ? $" until {until:O}" : "")}, unit {report.Unit}, regularity k = {report.K}");
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumns("model", "parameters (standard errors)", "log-likelihood");
        Add(table, "MBG/NBD", report.MbgNbd);
        if (report.K > 1)
            Add(table, $"MBG/CNBD-{report.K}", report.MbgCnbd);
        Add(table, "BG/NBD", report.BgNbd);
        if (report.GammaGamma is { } spend)
            table.AddRow("Gamma-Gamma", Parameters(["p", "q", "v"], [spend.P, spend.Q, spend.V], spend.StandardErrors), Number(spend.LogLikelihood, "F3"));
        console.Write(table);
        if (report.HoldOut.Count > 0)
            console.Write(HoldOut(report));
    }

    private static void Add(Table table, string name, FittedModel? model)
    {
        if (model is not null)
        {
            table.AddRow(
                name, Parameters(["r", "alpha", "a", "b"], [model.R, model.Alpha, model.A, model.B], model.StandardErrors), Number(model.LogLikelihood, "F3"));
        }
    }

    private static Table HoldOut(FitReport report)
    {
        var table = new Table { Border = TableBorder.Rounded, Title = new TableTitle("Hold-out") };
        table.AddColumns("model", "actual", "expected", "AUC churn risk", "AUC 1 - P(alive)", "AUC silence", "Brier", "silent", "mean risk");
        foreach ((string model, Scoring.Models.Fitting.HoldOutReport r) in report.HoldOut)
        {
            table.AddRow(
                model, Number(r.ActualPurchases, "N0"), Number(r.ExpectedPurchases, "N0"), Number(r.AucChurnRisk, "F3"), Number(r.AucNotAlive, "F3"),
                Number(r.AucSilence, "F3"), Number(r.BrierChurnRisk, "F3"), Number(r.SilentShare, "F3"), Number(r.MeanChurnRisk, "F3"));
        }
        return table;
    }

    private static string Parameters(string[] names, double[] values, IReadOnlyList<double?> errors) =>
        string.Join(", ", names.Select((name, i) => $"{name} {Number(values[i], "G5")}{(errors[i] is { } e ? $" ({Number(e, "G3")})" : "")}"));

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
