using System.Globalization;
using System.Text;
using System.Text.Json;
using StreamScorer.Scoring.Policy;
using StreamScorer.Testing;
using StreamScorer.Worker.CommandLine;

namespace StreamScorer.Worker.Tests.Analysis;

/// <summary><c>fit</c>, <c>simulate</c> and <c>customer --explain</c> as their users call them.</summary>
public sealed class AnalysisCommandTests : IDisposable
{
    private readonly TempDirectory directory = new();
    private readonly StringWriter output = new();
    private readonly StringWriter error = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task A_fit_prints_its_models_and_writes_a_policy_with_them()
    {
        string policy = directory.File("fitted.json");

        Assert.Equal(ExitCode.Ok, await InvokeAsync("fit", Log(), "--until", "2020-12-31", "--unit", "week", "--json", "--write", policy));
        Assert.Equal("", error.ToString());

        JsonElement report = JsonDocument.Parse(output.ToString()).RootElement;
        Assert.Equal(200, report.GetProperty("customers").GetInt32());
        foreach (string model in (string[])["mbgNbd", "bgNbd"])
        {
            Assert.All((string[])["r", "alpha", "a", "b"], name => Assert.True(report.GetProperty(model).GetProperty(name).GetDouble() > 0));
            Assert.True(report.GetProperty(model).GetProperty("logLikelihood").GetDouble() < 0);
        }
        (ScoringPolicy? fitted, IReadOnlyList<string> errors) = PolicyFile.Parse(File.ReadAllBytes(policy));
        Assert.Empty(errors);
        Assert.Equal(report.GetProperty("mbgCnbd").GetProperty("alpha").GetDouble(), fitted!.Model.Alpha);
        Assert.Equal(report.GetProperty("gammaGamma").GetProperty("v").GetDouble(), fitted.Model.SpendV);
        Assert.Equal(2, fitted.Version);
    }

    [Fact]
    public async Task A_fit_with_a_hold_out_period_compares_expected_with_actual_purchases()
    {
        Assert.Equal(ExitCode.Ok, await InvokeAsync("fit", Log(), "--until", "2020-06-30", "--hold-out-until", "2020-12-31", "--json"));

        JsonElement line = JsonDocument.Parse(output.ToString()).RootElement.GetProperty("holdOut")[0];
        Assert.Equal("MBG/NBD", line.GetProperty("model").GetString());
        Assert.True(line.GetProperty("report").GetProperty("actualPurchases").GetInt64() > 0);
        Assert.InRange(line.GetProperty("report").GetProperty("aucChurnRisk").GetDouble(), 0.5, 1);
    }

    [Theory]
    [InlineData("fit needs a FILE or --from-state, and not both")]
    [InlineData("fit needs a FILE or --from-state, and not both", "x.csv", "--from-state")]
    [InlineData("--until \"soon\": allowed is a day such as 1997-09-30", "x.csv", "--until", "soon")]
    [InlineData("--hold-out-until: needs --until, and a later day", "x.csv", "--until", "2020-02-01", "--hold-out-until", "2020-01-01")]
    public async Task A_fit_that_cannot_be_is_explained(string expected, params string[] arguments)
    {
        Assert.Equal(ExitCode.Usage, await InvokeAsync(["fit", .. arguments]));
        Assert.Contains(expected, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_simulation_tells_who_would_change_tier()
    {
        var easier = new ScoringPolicy();
        easier = easier with { Schemes = easier.Schemes with { Absolute = easier.Schemes.Absolute with { Bounds = [3, 2, 1] } } };
        string tried = directory.File("tried.json"), inForce = directory.File("in-force.json");
        File.WriteAllText(tried, PolicyFile.Format(easier));
        File.WriteAllText(inForce, PolicyFile.Format(new ScoringPolicy()));

        Assert.Equal(ExitCode.Ok, await InvokeAsync("simulate", "--policy", tried, "--against", inForce, Log(), "--json"));

        JsonElement report = JsonDocument.Parse(output.ToString()).RootElement;
        JsonElement[] changes = [.. report.GetProperty("changes").EnumerateArray()];
        Assert.NotEmpty(changes);
        Assert.All(changes, change => Assert.Equal("absolute", change.GetProperty("scheme").GetString()));
        long moved = report.GetProperty("matrices").GetProperty("absolute").EnumerateObject()
            .Sum(from => from.Value.EnumerateObject().Where(to => to.Name != from.Name).Sum(to => to.Value.GetInt64()));
        Assert.Equal(changes.Length, moved);
        Assert.Equal(200, report.GetProperty("customers").GetInt32());
    }

    [Fact]
    public async Task A_simulation_needs_a_policy_to_try()
    {
        Assert.Equal(ExitCode.Usage, await InvokeAsync("simulate", "x.csv"));
        Assert.Contains("simulate needs --policy NEW", error.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Two hundred customers of 2020: one in four buys once, the others quickly or slowly, at uneven intervals, until they stop.</summary>
    private string Log()
    {
        int[] paces = [3, 6, 11, 20, 36, 60];
        var csv = new StringBuilder("customer_id,timestamp,amount\n");
        for (int customer = 0; customer < 200; customer++)
        {
            int purchases = customer % 4 == 0 ? 1 : 2 + customer * 37 % 29, pace = paces[customer % 6];
            DateOnly day = new DateOnly(2020, 1, 1).AddDays(customer % 60);
            for (int i = 0; i < purchases; i++, day = day.AddDays(1 + pace * ((i * i * 13 + customer * 5) % 19) / 9))
                csv.Append(CultureInfo.InvariantCulture, $"c{customer},{day:yyyy-MM-dd},{10 + customer % 13 * 4 + i}\n");
        }
        string file = directory.File("log.csv");
        File.WriteAllText(file, csv.ToString());
        return file;
    }

    private Task<int> InvokeAsync(params string[] arguments) => StreamScorerCommand.InvokeAsync(arguments, output, error);
}
