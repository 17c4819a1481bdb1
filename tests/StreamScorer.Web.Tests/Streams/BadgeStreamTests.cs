using System.Text.Json;
using StreamScorer.Testing;
using StreamScorer.Web.Tests.Running;

namespace StreamScorer.Web.Tests.Streams;

public sealed class BadgeStreamTests : IDisposable
{
    private readonly TempDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task A_badge_comes_at_once_for_each_customer_and_again_after_a_transition_that_was_missed_meanwhile()
    {
        await using RunningWorker worker = await RunningWorker.StartAsync(directory.Path, ("Http:HeartbeatInterval", "00:00:01"));
        await worker.PostAsync($"[{Purchases.Json("ann", "1", 0)},{Purchases.Json("bob", "1", 0)}]");
        await worker.ProfileAsync("ann", profile => true);
        await worker.ProfileAsync("bob", profile => true);
        var client = new EventClient(worker.Http, "/v1/streams/badges?customer=ann&customer=nobody");

        List<JsonElement> first = await TakeAsync(client, 2);
        Assert.Equal(["ann", "nobody"], first.Select(badge => badge.GetProperty("customerId").GetString()!).Order());
        Assert.Equal(JsonValueKind.Null, Of(first, "nobody").GetProperty("profile").ValueKind);
        Assert.Equal("acquisition", Of(first, "ann").GetProperty("profile").GetProperty("stage").GetString());
        Assert.Equal(0, Of(first, "ann").GetProperty("changes").GetArrayLength());

        // Silence of a year: the customer leaves, and nobody is connected to see it.
        client.LastId = "0.0.0.0";
        await worker.PostAsync(Enumerable.Range(0, 40).Select(i => Purchases.Json($"other{i}", "1", 364)).Aggregate((a, b) => a + "\n" + b), "application/x-ndjson");
        await worker.ProfileAsync("ann", profile => profile.GetProperty("stage").GetString() != "acquisition");

        JsonElement missed = Of(await TakeUntilAsync(client, badge => badge.GetProperty("changes").GetArrayLength() > 0), "ann");
        Assert.NotEqual("acquisition", missed.GetProperty("profile").GetProperty("stage").GetString());
        Assert.Contains(missed.GetProperty("changes").EnumerateArray(), change => change.GetProperty("to").GetString() == "decline");
    }

    [Fact]
    public async Task One_stream_more_than_allowed_is_refused_and_a_closed_one_makes_room()
    {
        await using RunningWorker worker = await RunningWorker.StartAsync(directory.Path, ("Http:StreamsMax", "1"));
        HttpResponseMessage open = await worker.Http.GetAsync("/v1/streams/badges?customer=a", HttpCompletionOption.ResponseHeadersRead);

        using HttpResponseMessage refused = await worker.Http.GetAsync("/v1/streams/badges?customer=a", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(503, (int)refused.StatusCode);
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);

        open.Dispose();
        var client = new EventClient(worker.Http, "/v1/streams/badges?customer=a");
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            try
            {
                Assert.Single(await TakeAsync(client, 1));
                return;
            }
            catch (HttpRequestException)
            {
                // The server has not noticed the cut yet.
                await timer.WaitForNextTickAsync();
            }
        }
    }

    private static JsonElement Of(IEnumerable<JsonElement> badges, string customer) =>
        badges.Last(badge => badge.GetProperty("customerId").GetString() == customer);

    private static async Task<List<JsonElement>> TakeAsync(EventClient client, int count)
    {
        return await TakeUntilAsync(client, _ => --count == 0);
    }

    private static async Task<List<JsonElement>> TakeUntilAsync(EventClient client, Predicate<JsonElement> isLast)
    {
        var badges = new List<JsonElement>();
        await foreach ((string name, _, JsonElement data) in client.ReadAsync())
        {
            if (name == "heartbeat")
                continue;
            Assert.Equal("badge", name);
            badges.Add(data);
            if (isLast(data))
                break;
        }
        return badges;
    }
}
