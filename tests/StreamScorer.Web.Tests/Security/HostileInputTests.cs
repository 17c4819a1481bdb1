using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using StreamScorer.Testing;
using StreamScorer.Web.Tests.Running;

namespace StreamScorer.Web.Tests.Security;

/// <summary>What a broken or hostile client sends: the right status, no state changed, nothing given back unescaped.</summary>
public sealed class HostileInputTests : IAsyncLifetime
{
    private const string Markup = "<script>alert(1)</script>";
    private readonly TempDirectory directory = new();
    private RunningWorker worker = null!;

    public async Task InitializeAsync() => worker = await RunningWorker.StartAsync(directory.Path, ("Http:BodyBytesMax", "65536"));

    public async Task DisposeAsync()
    {
        await worker.DisposeAsync();
        directory.Dispose();
    }

    [Fact]
    public async Task Bodies_that_are_too_large_too_deep_or_not_text_change_nothing()
    {
        string padded = Purchases.Json("ann", "1", 0).Replace("{", $$"""{"note":"{{new string('x', 70_000)}}",""", StringComparison.Ordinal);
        byte[] notUtf8 = [.. Encoding.UTF8.GetBytes(Purchases.Json("ann", "1", 0)[..^1]), .. ",\"note\":\""u8, 0xff, 0xfe, (byte)'"', (byte)'}'];
        string deep = Purchases.Json("ann", "1", 0)[..^1] + ",\"note\":" + new string('[', 5_000) + new string(']', 5_000) + "}";

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await PostAsync(Encoding.UTF8.GetBytes(padded)));
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync(notUtf8));
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync(Encoding.UTF8.GetBytes(deep)));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await PostAsync(Encoding.UTF8.GetBytes(Purchases.Json("a\\u0000b", "1", 0))));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await PostAsync(Encoding.UTF8.GetBytes(Purchases.Json("\\ud800", "1", 0))));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await PostAsync(Encoding.UTF8.GetBytes(Purchases.Json(new string('x', 300), "1", 0))));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, await PostAsync("x"u8.ToArray(), encoding: "gzip"));
        await AssertNothingAppliedAsync();
    }

    [Fact]
    public async Task A_body_that_drips_is_cut_off()
    {
        string answer = await RawAsync("POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"customerId\"");

        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
        await AssertNothingAppliedAsync();
    }

    [Theory]
    [InlineData("GET /v1/customers/..%2f..%2fkeys.json HTTP/1.1\r\nHost: localhost\r\n", 404)]
    [InlineData("GET /assets/..%2f..%2fkeys.json HTTP/1.1\r\nHost: localhost\r\n", 404)]
    [InlineData("GET /assets/%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: localhost\r\n", 404)]
    [InlineData("GET /v1/customers/a%00b HTTP/1.1\r\nHost: localhost\r\n", 400)]
    [InlineData("GET /v1/customers/%0d%0aSet-Cookie:%20x=1 HTTP/1.1\r\nHost: localhost\r\n", 404)]
    [InlineData("GET /v1/population HTTP/1.1\r\nHost: evil.example\r\n", 403)]
    [InlineData("GET /v1/population HTTP/1.1\r\nHost: localhost\r\nX-Bad\r\n", 400)]
    [InlineData("GET /v1/streams/transitions HTTP/1.1\r\nHost: localhost\r\nLast-Event-ID: ../../x\r\n", 400)]
    [InlineData("TRACE / HTTP/1.1\r\nHost: localhost\r\n", 405)]
    [InlineData("PUT /v1/customers/ann HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n", 405)]
    public async Task A_strange_request_gets_its_status_and_no_header_of_its_making(string request, int expected)
    {
        string answer = await RawAsync(request + "Connection: close\r\n\r\n");

        Assert.StartsWith($"HTTP/1.1 {expected} ", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("\r\nSet-Cookie", answer, StringComparison.OrdinalIgnoreCase);
        await AssertNothingAppliedAsync();
    }

    [Fact]
    public async Task Markup_in_ids_and_parameters_comes_back_as_data_only()
    {
        await worker.PostAsync(Purchases.Json(Markup, "1", 0));
        await worker.ProfileAsync(Markup, profile => true);
        string id = Uri.EscapeDataString(Markup);

        foreach (string path in new[] { $"/v1/customers/{id}", $"/v1/customers/{id}/explanation", $"/v1/customers/{id}/badge.svg", $"/v1/transitions?scheme={id}", $"/v1/transitions?after={id}", $"/{id}" })
        {
            using HttpResponseMessage answer = await worker.Http.GetAsync(path);
            Assert.DoesNotContain("<script", await answer.Content.ReadAsStringAsync(), StringComparison.OrdinalIgnoreCase);
            Assert.Contains(answer.Content.Headers.ContentType?.MediaType, new[] { "application/json", "application/problem+json", "image/svg+xml" });
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
            Assert.StartsWith("default-src 'none'", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    public async Task A_page_of_another_origin_changes_nothing(string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/events") { Content = JsonContent.Create(0) };
        request.Content = new StringContent(Purchases.Json("ann", "1", 0), new MediaTypeHeaderValue("application/json"));
        request.Headers.Add(header, value);

        using HttpResponseMessage answer = await worker.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
        await AssertNothingAppliedAsync();
    }

    private async Task AssertNothingAppliedAsync()
    {
        // Whatever came before lies before this event in the log of its partition; a second of other partitions makes no difference to the count.
        JsonElement population = await worker.Http.GetFromJsonAsync<JsonElement>("/v1/population");
        Assert.Equal(0, population.GetProperty("applied").GetInt64());
        Assert.Equal(HttpStatusCode.NotFound, (await worker.Http.GetAsync("/v1/customers/ann")).StatusCode);
    }

    private async Task<HttpStatusCode> PostAsync(byte[] body, string? encoding = null)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (encoding is not null)
            content.Headers.ContentEncoding.Add(encoding);
        using HttpResponseMessage answer = await worker.Http.PostAsync("/v1/events", content);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        return answer.StatusCode;
    }

    private async Task<string> RawAsync(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(worker.Http.BaseAddress!.Host, worker.Http.BaseAddress.Port);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }
}
