using System.Text.Json;
using System.Text.RegularExpressions;

namespace StreamScorer.Worker.Tests.Deployment;

/// <summary>The Grafana board is one that Grafana shows as meant: complete panels that do not cover one another, and variables that exist.</summary>
public sealed partial class BoardTests
{
    private const int Columns = 24;
    private static readonly string[] units = ["none", "s", "bytes", "percentunit", "ops", "eps", "reqps"];
    private static readonly JsonElement board = JsonDocument.Parse(DeploymentFileTests.Read("config/grafana/streamscorer.json")).RootElement;

    private static JsonElement[] Panels { get; } = [.. board.GetProperty("panels").EnumerateArray()];

    private static JsonElement[] Charts { get; } = [.. Panels.Where(panel => panel.GetProperty("type").GetString() != "row")];

    [Fact]
    public void Every_panel_says_what_it_shows_and_in_which_unit()
    {
        Assert.True(Charts.Length > 20);
        Assert.All(Panels, panel => Assert.NotEqual("", panel.GetProperty("title").GetString()));
        Assert.All(Charts, chart => Assert.True(chart.TryGetProperty("description", out JsonElement text) && text.GetString()!.Length > 10, TitleOf(chart)));
        Assert.All(Charts, chart => Assert.Contains(chart.GetProperty("fieldConfig").GetProperty("defaults").GetProperty("unit").GetString(), units));
        Assert.All(Charts, chart => Assert.Contains(chart.GetProperty("type").GetString(), (string[])["stat", "timeseries"]));
        Assert.Equal(Panels.Length, Panels.Select(panel => panel.GetProperty("id").GetInt32()).Distinct().Count());
    }

    [Fact]
    public void Every_query_asks_the_chosen_data_source_and_has_a_letter_of_its_own()
    {
        foreach (JsonElement chart in Charts)
        {
            JsonElement[] targets = [.. chart.GetProperty("targets").EnumerateArray()];
            Assert.NotEmpty(targets);
            Assert.All(targets.Append(chart), part => Assert.Equal("${datasource}", part.GetProperty("datasource").GetProperty("uid").GetString()));
            Assert.Equal(targets.Length, targets.Select(target => target.GetProperty("refId").GetString()).Distinct().Count());
        }
    }

    [Fact]
    public void Every_variable_is_defined()
    {
        // And two of Grafana's own.
        string[] defined = [.. board.GetProperty("templating").GetProperty("list").EnumerateArray().Select(variable => variable.GetProperty("name").GetString()!), "__rate_interval", "__all"];

        Assert.All(Variable().Matches(board.GetRawText()), match => Assert.Contains(match.Groups[1].Value, defined));
    }

    [Fact]
    public void Panels_fit_the_width_and_cover_nothing()
    {
        var taken = new Dictionary<(int X, int Y), string>();
        foreach (JsonElement panel in Panels)
        {
            (int x, int y, int width, int height) = (At("x"), At("y"), At("w"), At("h"));
            Assert.InRange(x + width, 1, Columns);
            for (int column = x; column < x + width; column++)
                for (int row = y; row < y + height; row++)
                    Assert.True(taken.TryAdd((column, row), TitleOf(panel)), $"{TitleOf(panel)} covers {taken[(column, row)]}");

            int At(string name) => panel.GetProperty("gridPos").GetProperty(name).GetInt32();
        }
    }

    private static string TitleOf(JsonElement panel) => panel.GetProperty("title").GetString()!;

    [GeneratedRegex(@"\$\{?(\w+)")]
    private static partial Regex Variable();
}
