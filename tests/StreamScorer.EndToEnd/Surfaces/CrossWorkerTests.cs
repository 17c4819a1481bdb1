using System.Net;
using System.Text;
using System.Text.Json;
using StreamScorer.Engine.Publish;
using StreamScorer.Web.Tests.Running;

namespace StreamScorer.EndToEnd.Surfaces;

/// <summary>Any worker serves any customer, whichever worker owns the customer's partition.</summary>
public sealed class CrossWorkerTests(TwoWorkers workers) : IClassFixture<TwoWorkers>
{
    [Fact]
    public async Task Posted_events_are_in_the_topic_before_they_are_accepted_and_a_repeated_id_counts_once()
    {
        string[] customers = [.. Enumerable.Range(0, 20).Select(i => $"posted-{i}")];
        Assert.Equal(TwoWorkers.Partitions, customers.Select(TwoWorkers.PartitionOf).Distinct().Count());
        string[] first = [.. customers.Select(customer => Purchases.Json(customer, $"{customer}:1", 0))];

        await AcceptedAsync(workers.A.PostAsync(first));
        Assert.Equal(customers.Order(), (await InputKeysAsync()).Where(key => key.StartsWith("posted-", StringComparison.Ordinal)).Order());
        await AcceptedAsync(workers.B.PostAsync(first));
        // What follows in the same partition is scored after the repeats.
        await AcceptedAsync(workers.A.PostAsync([.. customers.Select(customer => Purchases.Json(customer, $"{customer}:2", 1))]));

        foreach (string customer in customers)
        {
            await workers.A.PurchasedAsync(customer, 2);
            Assert.Equal(2, await workers.B.PurchasesAsync(customer));
        }
    }

    [Fact]
    public async Task An_event_that_the_broker_refuses_is_not_accepted_and_the_next_one_is()
    {
        string customer = TwoWorkers.CustomerOf(workers.B, "refused");
        await workers.RefuseNextRecordsAsync();

        using (HttpResponseMessage refused = await workers.A.PostAsync(Purchases.Json(customer, "1", 0)))
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.DoesNotContain(customer, await InputKeysAsync());
        await AcceptedAsync(workers.A.PostAsync(Purchases.Json(customer, "1", 0)));
        await workers.A.PurchasedAsync(customer, 1);
    }

    [Fact]
    public async Task A_badge_stream_shows_customers_of_the_other_worker_and_goes_on_there_without_gap_or_repeat()
    {
        await FollowAsync(workers.A, workers.B);
        await FollowAsync(workers.B, workers.A);
    }

    [Fact]
    public async Task An_erasure_asked_of_one_worker_is_done_by_the_other_and_leaves_a_tombstone()
    {
        string customer = TwoWorkers.CustomerOf(workers.B, "erased");
        await AcceptedAsync(workers.A.PostAsync(Purchases.Json(customer, "1", 0)));
        await workers.A.PurchasedAsync(customer, 1);

        await workers.RefuseNextRecordsAsync();
        using (HttpResponseMessage refused = await workers.A.Http.DeleteAsync($"/v1/customers/{customer}"))
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        await EraseAsync(workers.A, customer);

        await GoneAsync(workers.A, customer);
        Assert.Null(await workers.B.PurchasesAsync(customer));
        await TombstoneAsync(customer);
    }

    [Fact]
    public async Task Customers_of_a_killed_worker_are_answered_for_before_anybody_owns_them_and_events_are_scored_afterwards()
    {
        string ofA = TwoWorkers.CustomerOf(workers.A, "kill"), ofB = TwoWorkers.CustomerOf(workers.B, "kill");
        await AcceptedAsync(workers.A.PostAsync(Purchases.Json(ofA, "1", 0), Purchases.Json(ofB, "1", 0)));
        foreach (string customer in new[] { ofA, ofB })
        {
            await workers.A.PurchasedAsync(customer, 1);
            await workers.B.PurchasedAsync(customer, 1);
        }

        workers.B.Program.KillNow();
        await workers.B.Program.EndAsync();
        Assert.Equal((1, 1), (await workers.A.PurchasesAsync(ofA), await workers.A.PurchasesAsync(ofB)));
        await AcceptedAsync(workers.A.PostAsync(Purchases.Json(ofB, "2", 1)));
        Assert.False(workers.A.Owns(TwoWorkers.PartitionOf(ofB)), "the partition was taken over before the first read: nothing is shown");

        await workers.A.PurchasedAsync(ofB, 2);
        await workers.ReplaceBAsync();
        Assert.Equal(2, await workers.B.PurchasesAsync(ofB));
    }

    /// <summary>Follows a customer of <paramref name="owner"/> from its first event to its erasure, first at the other worker, then here, then there.</summary>
    private async Task FollowAsync(WebWorker other, WebWorker owner)
    {
        string customer = TwoWorkers.CustomerOf(owner, "followed");
        string path = $"/v1/streams/badges?customer={customer}";
        var seen = new List<string>();
        var there = new EventClient(other.Http, path);
        await ReadAsync(
            there, seen, badge => Changes(badge).Any(), () => AcceptedAsync(owner.PostAsync(Purchases.Json(customer, "1", 0), Purchases.Json(customer, "2", 30, 9_000))));

        await AcceptedAsync(other.PostAsync(Purchases.Json(customer, "3", 60, 90_000)));
        await owner.PurchasedAsync(customer, 3);
        var here = new EventClient(owner.Http, path) { LastId = there.LastId };
        await ReadAsync(here, seen, badge => Changes(badge).Any(), () => Task.CompletedTask);

        await AcceptedAsync(owner.PostAsync(Purchases.Json(customer, "4", 240)));
        there.LastId = here.LastId;
        string[] published = [];
        // A badge may tell of a change when the customer is gone already: the erasure alone is no end.
        await ReadAsync(there, seen, badge => badge.GetProperty("profile").ValueKind == JsonValueKind.Null && seen.Count >= published.Length, async () =>
        {
            await other.PurchasedAsync(customer, 4);
            await EraseAsync(other, customer);
            await TombstoneAsync(customer);
            published = [.. (await OutputAsync(customer)).Select(DataOf).OfType<string>()];
        });
        Assert.True(published.Length > 10, $"only {published.Length} transitions");
        Assert.Equal(published, seen);
    }

    private static async Task ReadAsync(EventClient client, List<string> seen, Predicate<JsonElement> isLast, Func<Task> onceOpen)
    {
        bool isOpen = false;
        await foreach ((string name, _, JsonElement badge) in client.ReadAsync())
        {
            if (name == "heartbeat")
                continue;
            Assert.Equal("badge", name);
            seen.AddRange(Changes(badge));
            if (!isOpen)
                await onceOpen();
            isOpen = true;
            if (isLast(badge))
                return;
        }
        Assert.Fail("the stream ended");
    }

    private static IEnumerable<string> Changes(JsonElement badge) => badge.GetProperty("changes").EnumerateArray().Select(change => change.GetRawText());

    private static string? DataOf(PublishedRecord record)
    {
        using JsonDocument? json = record.Value is null ? null : JsonDocument.Parse(record.Value);
        return json?.RootElement.GetProperty("type").GetString() == OutboxFormatter.TransitionType ? json.RootElement.GetProperty("data").GetRawText() : null;
    }

    private static Task GoneAsync(WebWorker worker, string customer) => Faults.Until.TrueAsync(
        async () => await worker.PurchasesAsync(customer) is null, $"erase {customer}", () => worker.Program.Errors);

    private Task TombstoneAsync(string customer) => Faults.Until.TrueAsync(
        async () => (await OutputAsync(customer)) is [.., { Value: null }], $"publish the tombstone of {customer}", () => workers.B.Program.Errors);

    private static async Task EraseAsync(WebWorker worker, string customer)
    {
        using HttpResponseMessage answer = await worker.Http.DeleteAsync($"/v1/customers/{customer}");
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
    }

    private static async Task AcceptedAsync(Task<HttpResponseMessage> posting)
    {
        using HttpResponseMessage answer = await posting;
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
    }

    private async Task<List<string>> InputKeysAsync()
    {
        await using var input = new OutputTopic(workers.Servers.Broker.Bootstrap, TwoWorkers.Partitions, "transactions");
        return (await input.ReadAsync()).ConvertAll(record => Encoding.UTF8.GetString(record.Key!));
    }

    private async Task<List<PublishedRecord>> OutputAsync(string customer)
    {
        await using var output = new OutputTopic(workers.Servers.Broker.Bootstrap, TwoWorkers.Partitions);
        return (await output.ReadAsync()).FindAll(record => Encoding.UTF8.GetString(record.Key!) == customer);
    }
}
