using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using StreamScorer.Testing;
using StreamScorer.Web.Tests.Running;

namespace StreamScorer.Web.Tests.Ingest;

/// <summary><c>POST /v1/events</c> in all its forms, through the real log, engine and store.</summary>
public sealed class IngestTests : IDisposable
{
    private readonly TempDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Every_form_of_event_is_scored_and_a_repeat_counts_once()
    {
        await using RunningWorker worker = await RunningWorker.StartAsync(directory.Path);
        string cloud = """{"specversion":"1.0","id":"ce-1","source":"/shop","type":"com.shop.purchase.v1","time":"2025-01-03T08:00:00Z","subject":"ann","data":{"amount":5}}""";

        await AcceptedAsync(worker.PostAsync(Purchases.Json("ann", "1", 0)), 1);
        await AcceptedAsync(worker.PostAsync(Purchases.Json("ann", "1", 0)), 1);
        await AcceptedAsync(worker.PostAsync($"[{Purchases.Json("ann", "2", 1)},{Purchases.Json("bob", "1", 1)}]"), 2);
        await AcceptedAsync(worker.PostAsync($"{Purchases.Json("ann", "3", 1)}\n\n{Purchases.Json("bob", "2", 1)}\r\n", "application/x-ndjson"), 2);
        await AcceptedAsync(worker.PostAsync(cloud, "application/cloudevents+json"), 1);
        await AcceptedAsync(worker.PostAsync($"[{cloud.Replace("ce-1", "ce-2", StringComparison.Ordinal)}]", "application/cloudevents-batch+json"), 1);
        await AcceptedAsync(PostBinaryAsync(worker), 1);

        JsonElement history = (await worker.ProfileAsync("ann", profile => Purchased(profile) == 6)).GetProperty("history");
        Assert.Equal(20 + 20 + 20 + 5 + 5 + 7.5m, history.GetProperty("revenue").GetDecimal());
        Assert.Equal(2, Purchased(await worker.ProfileAsync("bob", profile => Purchased(profile) >= 2)));
    }

    [Fact]
    public async Task A_bad_item_gets_an_error_that_names_the_field_and_the_good_ones_are_kept()
    {
        await using RunningWorker worker = await RunningWorker.StartAsync(directory.Path);
        string[] items =
        [
            Purchases.Json("ann", "1", 0),
            Purchases.Json("ann", "2", 0, amount: -1),
            """{"customerId":"ann","id":"3","time":"2025-01-01T08:00:00Z","type":"bought"}""",
            """{"id":"4","time":"2025-01-01T08:00:00Z","type":"purchase","amount":1}""",
            """{"customerId":"ann","id":"5","time":"2199-01-01T08:00:00Z","type":"purchase","amount":1}""",
            """{"type":"clock","time":"2025-01-01T08:00:00Z","customerId":"ann","id":"6"}""",
            """{"type":"erase","time":"2025-01-01T08:00:00Z","customerId":"ann","id":"7"}""",
            "17",
        ];

        using HttpResponseMessage answer = await worker.PostAsync($"[{string.Join(',', items)}]");

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        JsonElement receipt = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(1, receipt.GetProperty("accepted").GetInt32());
        Assert.Equal(
            [(2, "unknown_type", "type"), (3, "missing_field", "customerId"), (4, "future_timestamp", "time"), (5, "not_allowed", "type"), (6, "not_allowed", "type"), (7, "malformed_json", null)],
            receipt.GetProperty("errors").EnumerateArray().Skip(1).Select(Error));
        Assert.Equal((1, "invalid_value"), (Error(receipt.GetProperty("errors")[0]).Index, Error(receipt.GetProperty("errors")[0]).Reason));
        Assert.Equal(1, Purchased(await worker.ProfileAsync("ann", profile => true)));
    }

    [Theory]
    [InlineData("{", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("[]", "application/json", HttpStatusCode.UnprocessableEntity)]
    [InlineData("{}", "application/json", HttpStatusCode.UnprocessableEntity)]
    [InlineData("{}", "text/plain", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("{}\n{", "application/x-ndjson", HttpStatusCode.UnprocessableEntity)]
    public async Task What_is_no_event_is_a_problem(string body, string mediaType, HttpStatusCode expected)
    {
        await using RunningWorker worker = await RunningWorker.StartAsync(directory.Path);

        using HttpResponseMessage answer = await worker.PostAsync(body, mediaType);

        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task More_bytes_than_may_wait_are_refused_with_a_time_to_come_back()
    {
        await using RunningWorker worker = await RunningWorker.StartAsync(directory.Path, ("Http:BodyBytesMax", "4096"), ("Http:PendingBytesMax", "4096"));
        string body = $"[{string.Join(',', Enumerable.Range(0, 20).Select(i => Purchases.Json("ann", $"{i}", 0)))}]";
        HttpResponseMessage? refused = null;
        // Two of these do not fit beside one another; which requests meet is not for a client to choose.
        while (refused is null)
        {
            HttpResponseMessage[] answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => worker.PostAsync(body)));
            refused = answers.FirstOrDefault(answer => answer.StatusCode != HttpStatusCode.Accepted);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Contains("Too many events", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter?.Delta);
        await AcceptedAsync(worker.PostAsync(Purchases.Json("ann", "1", 0)), 1);
    }

    [Fact]
    public async Task What_was_accepted_is_there_after_a_restart_and_what_was_erased_is_not()
    {
        await using (RunningWorker first = await RunningWorker.StartAsync(directory.Path))
        {
            await AcceptedAsync(first.PostAsync($"[{Purchases.Json("ann", "1", 0)},{Purchases.Json("bob", "1", 0)}]"), 2);
            await first.ProfileAsync("bob", profile => true);
            using HttpResponseMessage erased = await first.Http.DeleteAsync("/v1/customers/bob");
            Assert.Equal(HttpStatusCode.Accepted, erased.StatusCode);
            Assert.Equal("bob", (await erased.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("customerId").GetString());
        }
        await using RunningWorker second = await RunningWorker.StartAsync(directory.Path);
        await AcceptedAsync(second.PostAsync(Purchases.Json("ann", "2", 1)), 1);

        Assert.Equal(2, Purchased(await second.ProfileAsync("ann", profile => Purchased(profile) == 2)));
        Assert.Equal(HttpStatusCode.NotFound, (await second.Http.GetAsync("/v1/customers/bob")).StatusCode);
    }

    private static async Task<HttpResponseMessage> PostBinaryAsync(RunningWorker worker)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/events") { Content = new ByteArrayContent("""{"amount":7.5}"""u8.ToArray()) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        foreach ((string name, string value) in new[]
        {
            ("ce-specversion", "1.0"), ("ce-id", "b-1"), ("ce-source", "/shop"), ("ce-type", "com.shop.purchase.v1"), ("ce-time", "2025-01-04T08:00:00Z"), ("ce-subject", "ann"),
        })
            request.Headers.Add(name, value);
        return await worker.Http.SendAsync(request);
    }

    private static async Task AcceptedAsync(Task<HttpResponseMessage> posting, int count)
    {
        using HttpResponseMessage answer = await posting;
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, text);
        Assert.Equal(count, JsonDocument.Parse(text).RootElement.GetProperty("accepted").GetInt32());
    }

    private static int Purchased(JsonElement profile) => profile.GetProperty("history").GetProperty("purchases").GetInt32();

    private static (int Index, string Reason, string? Field) Error(JsonElement error) =>
        (error.GetProperty("index").GetInt32(), error.GetProperty("reason").GetString()!, error.GetProperty("field").GetString());
}
