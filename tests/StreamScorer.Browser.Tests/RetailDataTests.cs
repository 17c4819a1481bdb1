using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using StreamScorer.Scoring.Tests.Models;

namespace StreamScorer.Browser.Tests;

/// <summary>The screens while a real shop's months pass in seconds: Online Retail (UCI), the policy that ships, the pyramid as badge.</summary>
[Collection(ScreensCollection.Name)]
public sealed class RetailDataTests(ChromiumFixture chromium)
{
    private const int EarlierLines = 20_000;
    private const int LinesPerRequest = 500;

    [DataFact]
    public async Task A_tier_change_is_seen_within_a_second_while_the_shop_runs_at_speed()
    {
        using var worker = new RunningWorker("Engine:Clock=Event", "Engine:RecalibrationInterval=1.00:00:00");
        await worker.StartAsync();
        using IEnumerator<string[]> requests = ReadEvents().Chunk(LinesPerRequest).GetEnumerator();
        for (int sent = 0; sent < EarlierLines; sent += LinesPerRequest)
            await PostNextAsync(worker, requests);
        await using WatchedPage agent = await WatchedPage.OpenAsync(chromium.Browser, worker.Address, WatchedPage.AgentPath("caller"));
        await agent.WaitForConnectionAsync("live");
        await using WatchedPage board = await WatchedPage.OpenAsync(chromium.Browser, worker.Address, "/");
        await board.Page.WaitForSelectorAsync("#pyramid [data-tier='platinum']");

        using var shown = new CancellationTokenSource();
        Task<int> shop = FeedAsync(worker, requests, shown.Token);
        long sentMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        await worker.PostAsync("""{"customerId":"caller","id":"call","time":"2011-01-10T10:00:00Z","type":"purchase","amount":90000}""", "application/json");
        await agent.WaitForTierAsync("platinum");
        await shown.CancelAsync();

        DateTimeOffset seen = DateTimeOffset.Parse((await agent.Page.GetAttributeAsync("#badge", "data-shown-at"))!, CultureInfo.InvariantCulture);
        Assert.InRange(seen.ToUnixTimeMilliseconds() - sentMs, 0, 1_000);
        Assert.True(await shop > 0, "the shop stood still meanwhile");
        await board.Page.WaitForSelectorAsync("#feed li");
        agent.AssertQuiet();
        board.AssertQuiet();
    }

    private static async Task<int> FeedAsync(RunningWorker worker, IEnumerator<string[]> requests, CancellationToken stop)
    {
        int sent = 0;
        for (; !stop.IsCancellationRequested; sent++)
            await PostNextAsync(worker, requests);
        return sent;
    }

    private static Task PostNextAsync(RunningWorker worker, IEnumerator<string[]> requests)
    {
        Assert.True(requests.MoveNext());
        return worker.PostAsync(string.Join('\n', requests.Current), "application/x-ndjson");
    }

    private static IEnumerable<string> ReadEvents()
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(SharedData.PathOf("online-retail/lines.csv.gz")), CompressionMode.Decompress), Encoding.UTF8);
        reader.ReadLine();
        for (int row = 1; reader.ReadLine() is string line; row++)
        {
            string[] cells = line.Split(',');
            decimal amount = decimal.Parse(cells[4], CultureInfo.InvariantCulture) * decimal.Parse(cells[5], CultureInfo.InvariantCulture);
            if (amount != 0)
            {
                string type = amount > 0 ? "purchase" : "refund";
                yield return JsonSerializer.Serialize(new { customerId = cells[0], id = $"row-{row}", time = cells[1] + "Z", type, amount = Math.Abs(amount), category = cells[3] });
            }
        }
    }
}
