using System.Globalization;
using StreamScorer.Engine.Commit;
using StreamScorer.Scoring.State;
using StreamScorer.Scoring.Tiers;
using Xunit.Abstractions;

namespace StreamScorer.Engine.Tests;

public sealed class CdnowTests(ITestOutputHelper output)
{
    private const string File = "/work/shared/data/cdnow/events.csv";

    [Fact]
    public async Task The_whole_log_gives_its_revenue_customers_and_pyramid()
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        EngineRun run = Fill(partitions: 1);
        await run.ToEndAsync();
        output.WriteLine($"{watch.ElapsedMilliseconds} ms");

        long revenue = 0;
        int customers = 0;
        int[,] tiers = new int[12, 9];
        await foreach (StoredCustomer stored in run.Store.ReadCustomersAsync(0, default))
        {
            Assert.True(CustomerState.TryRead(stored.Hot, out CustomerState state));
            revenue += state.Revenue;
            customers++;
            ColdState cold = default;
            foreach (TierScheme scheme in EngineRun.Rules.Schemes)
                tiers[(int)scheme.Id, scheme.TierOf(SchemeState.Of(scheme.Id, in state, in cold))]++;
        }
        for (int s = 0; s < 12; s++)
            output.WriteLine($"{(SchemeId)s}: {string.Join(" ", Enumerable.Range(0, 9).Select(t => tiers[s, t]))}");
        foreach (var g in run.Transitions().GroupBy(t => t.GetProperty("scheme").GetString() + " " + t.GetProperty("direction").GetString() + " " + t.GetProperty("cause").GetString()).OrderBy(g => g.Key))
            output.WriteLine($"{g.Key} {g.Count()}");
        Assert.Equal(244_091.94m, revenue / 10_000m);
        Assert.Equal(2_357, customers);
    }

    private static EngineRun Fill(int partitions)
    {
        var run = new EngineRun(partitions);
        int row = 0;
        foreach (string line in System.IO.File.ReadLines(File).Skip(1))
        {
            string[] cells = line.Split(',');
            int partition = int.Parse(cells[0], CultureInfo.InvariantCulture) % partitions;
            run.Purchase(cells[0], (++row).ToString(CultureInfo.InvariantCulture), cells[1] + "T00:00:00Z", decimal.Parse(cells[2], CultureInfo.InvariantCulture), partition);
        }
        run.Clock("1998-06-30T00:00:00Z");
        return run;
    }
}
