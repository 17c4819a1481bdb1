using System.Net.ServerSentEvents;
using System.Text.Json;

namespace StreamScorer.Web.Tests.Running;

/// <summary>A client of server-sent events that remembers the last id, as a browser does.</summary>
internal sealed class EventClient(HttpClient http, string path)
{
    /// <summary>What it would send when it connects again.</summary>
    public string LastId { get; set; } = "";

    /// <summary>Connects and gives events until the caller has enough; then the connection is cut.</summary>
    public async IAsyncEnumerable<(string Name, string Id, JsonElement Data)> ReadAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (LastId.Length > 0)
            request.Headers.TryAddWithoutValidation("Last-Event-ID", LastId);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using HttpResponseMessage answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        answer.EnsureSuccessStatusCode();
        await using Stream stream = await answer.Content.ReadAsStreamAsync(patience.Token);
        SseParser<string> parser = SseParser.Create(stream);
        await foreach (SseItem<string> item in parser.EnumerateAsync(patience.Token))
        {
            LastId = parser.LastEventId;
            yield return (item.EventType, parser.LastEventId, JsonDocument.Parse(item.Data).RootElement);
        }
        LastId = parser.LastEventId;
    }
}
