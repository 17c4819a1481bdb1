using System.Net;
using System.Net.Http.Headers;
using StreamScorer.Testing;
using StreamScorer.Web.Tests.Running;

namespace StreamScorer.Web.Tests.Streams;

public sealed class BadgeImageTests : IDisposable
{
    private readonly TempDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task An_unchanged_badge_is_not_sent_again()
    {
        await using RunningWorker worker = await RunningWorker.StartAsync(directory.Path);
        await worker.PostAsync(Purchases.Json("ann", "1", 0));
        await worker.ProfileAsync("ann", profile => true);
        using HttpResponseMessage first = await GetAsync(worker, "en", null);
        Assert.Equal((HttpStatusCode.OK, "image/svg+xml"), (first.StatusCode, first.Content.Headers.ContentType?.MediaType));

        using HttpResponseMessage again = await GetAsync(worker, "en", first.Headers.ETag), other = await GetAsync(worker, "zh", first.Headers.ETag);

        Assert.Equal((HttpStatusCode.NotModified, ""), (again.StatusCode, await again.Content.ReadAsStringAsync()));
        Assert.Equal(first.Headers.ETag, again.Headers.ETag);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        Assert.NotEqual(first.Headers.ETag, other.Headers.ETag);
    }

    private static async Task<HttpResponseMessage> GetAsync(RunningWorker worker, string language, EntityTagHeaderValue? known)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/customers/ann/badge.svg?language={language}");
        if (known is not null)
            request.Headers.IfNoneMatch.Add(known);
        return await worker.Http.SendAsync(request);
    }
}
