using System.Net.Http.Json;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using StreamScorer.Engine.Source;
using StreamScorer.Testing;
using StreamScorer.Web.Tests.Running;

namespace StreamScorer.Web.Tests.Streams;

/// <summary>A client that is cut at random places and comes back with its last id sees every transition exactly once.</summary>
public sealed class ResumeTests : IDisposable
{
    private const int Partitions = 4;
    private const int Customers = 12;
    private const string Beginning = "0.0.0.0";
    private readonly TempDirectory directory = new();
    private int run;

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task A_client_that_is_cut_at_random_sees_every_transition_exactly_once()
    {
        await using RunningWorker worker = await RunningWorker.StartAsync(
            directory.Path, ("Publish:Schemes", "all"), ("Standalone:Partitions", $"{Partitions}"));

        Gen<int[]> cuts = Gen.Choose(1, 15).ArrayOf(6);
        Prop.ForAll(Arb.From(cuts), reads => SeesEachOnceAsync(worker, reads).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(8));
    }

    private async Task SeesEachOnceAsync(RunningWorker worker, int[] reads)
    {
        string[] sentinels = Sentinels(run);
        var seen = new List<string>();
        var client = new EventClient(worker.Http, $"/v1/streams/transitions?after={Beginning}");
        // The first half comes while the client reads what is there already, so that it changes from the output to the live feed in the middle.
        Task feeding = FeedAsync(worker, run++, sentinels);
        for (int turn = 0; sentinels.Except(seen).Any(); turn++)
            await ReadAsync(client, seen, turn < reads.Length ? reads[turn] : int.MaxValue, sentinels);
        await feeding;

        List<string> published = await PublishedAsync(worker);
        Assert.Equal(published.Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));
        Assert.Equal(seen.Count, seen.Distinct().Count());
        Assert.True(seen.Count > reads.Sum(), $"only {seen.Count} were published");
    }

    private static async Task ReadAsync(EventClient client, List<string> seen, int most, string[] sentinels)
    {
        await foreach ((string name, _, JsonElement data) in client.ReadAsync())
        {
            if (name == "heartbeat")
                continue;
            seen.Add(name == "erased" ? data.GetProperty("customerId").GetString()! : data.GetProperty("id").GetString()!);
            if (--most == 0 || !sentinels.Except(seen).Any())
                return;
        }
    }

    private static async Task FeedAsync(RunningWorker worker, int run, string[] sentinels)
    {
        for (int week = 0; week < 10; week++)
        {
            int day = run * 70 + week * 7;
            IEnumerable<string> bought = Enumerable.Range(0, Customers)
                .Where(customer => (customer + week) % 3 != 0)
                .Select(customer => Purchases.Json($"c{customer}", $"e{run}-{week}-{customer}", day % 300, 10 + 40 * (customer % 4)));
            Assert.True((await worker.PostAsync($"[{string.Join(',', bought)}]")).IsSuccessStatusCode);
        }
        // The last record of each partition: who has seen them has been offered everything before.
        Assert.True((await worker.PostAsync(string.Join('\n', sentinels.Select(id => Purchases.Json(id, "s", 1))), "application/x-ndjson")).IsSuccessStatusCode);
        foreach (string sentinel in sentinels)
            Assert.True((await worker.Http.DeleteAsync($"/v1/customers/{sentinel}")).IsSuccessStatusCode);
    }

    private static async Task<List<string>> PublishedAsync(RunningWorker worker)
    {
        var ids = new List<string>();
        string cursor = Beginning;
        for (bool more = true; more;)
        {
            JsonElement page = await worker.Http.GetFromJsonAsync<JsonElement>($"/v1/transitions?limit=100&after={cursor}");
            ids.AddRange(page.GetProperty("items").EnumerateArray().Select(item =>
                item.GetProperty("type").GetString() == "streamscorer.tier-transition.v1"
                    ? item.GetProperty("id").GetString()!
                    : item.GetProperty("subject").GetString()!));
            cursor = page.GetProperty("next").GetString()!;
            more = page.GetProperty("more").GetBoolean();
        }
        return ids;
    }

    private static string[] Sentinels(int run) =>
    [
        .. Enumerable.Range(0, Partitions).Select(partition => Enumerable.Range(0, 1_000)
            .Select(i => $"sentinel-{run}-{i}")
            .First(id => Partitioner.Murmur2(System.Text.Encoding.UTF8.GetBytes(id), Partitions) == partition)),
    ];
}
