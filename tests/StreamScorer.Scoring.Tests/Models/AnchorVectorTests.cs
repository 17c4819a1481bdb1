using System.Text.Json;
using StreamScorer.Scoring.Models;
using StreamScorer.Scoring.Models.Reference;
using Xunit;

namespace StreamScorer.Scoring.Tests.Models;

/// <summary>Full-precision values computed by an independent script.</summary>
public sealed class AnchorVectorTests
{
    private const double Tolerance = 1e-8;

    private static readonly JsonElement Root = SharedData.Folder is null
        ? default
        : JsonDocument.Parse(File.ReadAllText(SharedData.PathOf("anchor_vectors.json"))).RootElement;

    [DataFact]
    public void Mbg_nbd_equals_the_vectors()
    {
        double[] p = Parameters("mbg");
        var model = new MbgCnbd(new(1, p[0], p[1], p[2], p[3]));
        var quadrature = new ResidualQuadrature(model, Delta, double.PositiveInfinity);
        var table = new ResidualTable(model, Delta, double.PositiveInfinity, maxAge: 78);
        foreach (var (h, expected) in Rows("mbg"))
        {
            Close(expected, "ll", model.LogLikelihood(h, 0));
            Close(expected, "palive", model.AliveProbability(h));
            Close(expected, "cet39", model.ExpectedPurchases(h, 39));
            Close(expected, "cet52", model.ExpectedPurchases(h, 52));
            Close(expected, "p0_13", model.NoPurchaseProbability(h, 13));
            Close(expected, "dert", quadrature.DiscountedResidual(h));
            Close(expected, "dert", table.DiscountedResidual(h));
            Close(expected, "silence_for_0.3", model.SilenceUntilAlive(h.Repeats, h.Recency, 0.3));
            Close(expected, "silence_for_0.5", model.SilenceUntilAlive(h.Repeats, h.Recency, 0.5));
        }
    }

    [DataFact]
    public void Bg_nbd_equals_the_vectors()
    {
        double[] p = Parameters("bg");
        var model = new BgNbd(p[0], p[1], p[2], p[3]);
        foreach (var (h, expected) in Rows("bg"))
        {
            Close(expected, "ll", model.LogLikelihood(h));
            Close(expected, "palive", model.AliveProbability(h));
            Close(expected, "cet39", model.ExpectedPurchases(h, 39));
            Close(expected, "cet52", model.ExpectedPurchases(h, 52));
            Close(expected, "p0_13", model.NoPurchaseProbability(h, 13));
            Close(expected, "dert", model.DiscountedResidual(h, Delta, double.PositiveInfinity));
            double silence = model.SilenceUntilAlive(h.Repeats, h.Recency, 0.3);
            if (h.Repeats == 0) Assert.Equal(double.PositiveInfinity, silence);
            else Close(expected, "silence_for_0.3", silence);
        }
    }

    [DataFact]
    public void Pareto_nbd_equals_the_vectors()
    {
        double[] p = Parameters("pnbd");
        var model = new ParetoNbd(p[0], p[1], p[2], p[3]);
        foreach (var (h, expected) in Rows("pnbd"))
        {
            Close(expected, "ll", model.LogLikelihood(h));
            Close(expected, "palive", model.AliveProbability(h));
            Close(expected, "cet39", model.ExpectedPurchases(h, 39));
            Close(expected, "dert", model.DiscountedResidual(h, Delta));
        }
    }

    [DataFact]
    public void Gamma_gamma_equals_the_vectors()
    {
        double[] p = Parameters("gg");
        var model = new GammaGamma(p[0], p[1], p[2]);
        foreach (var row in Root.GetProperty("gg").EnumerateArray())
        {
            double expected = row[2].GetDouble();
            Assert.Equal(1, model.ExpectedSpend(row[0].GetInt32(), row[1].GetDouble()) / expected, Tolerance);
        }
    }

    private static double Delta => Root.GetProperty("params").GetProperty("delta_week").GetDouble();

    private static double[] Parameters(string model) =>
        [.. Root.GetProperty("params").GetProperty(model).EnumerateArray().Select(value => value.GetDouble())];

    private static IEnumerable<(PurchaseHistory, JsonElement)> Rows(string model) =>
        from row in Root.GetProperty("rows").EnumerateArray()
        select (new PurchaseHistory(row.GetProperty("x").GetInt32(), row.GetProperty("tx").GetDouble(),
            row.GetProperty("T").GetDouble()), row.GetProperty(model));

    private static void Close(JsonElement row, string name, double actual) =>
        Assert.True(Math.Abs((actual / row.GetProperty(name).GetDouble()) - 1) < Tolerance, $"{name}: {actual} for {row}");
}
