using System.Net.ServerSentEvents;
using System.Text.Json;

namespace StreamScorer.WebLoad;

/// <summary>Many badge streams to one worker, each for a customer of its own, read as fast as they come. Disposing ends them.</summary>
internal sealed class BadgeStreams(HttpClient http, WrongAnswers wrong) : IAsyncDisposable
{
    // More would overrun the listening socket's queue, and the client would be measured instead.
    private const int OpeningMax = 64;

    private readonly CancellationTokenSource ending = new();
    private readonly List<Task> reading = [];
    private int open;
    private long badges;

    /// <summary>Streams that have had their first badge and are not ended.</summary>
    public int OpenCount => Volatile.Read(ref open);

    /// <summary>Badges of all streams so far.</summary>
    public long Badges => Interlocked.Read(ref badges);

    /// <summary>Opens <paramref name="count"/> streams; completes when each has had its first badge.</summary>
    public async Task OpenAsync(int count, CancellationToken cancellation)
    {
        using var opening = new SemaphoreSlim(OpeningMax);
        var first = new List<Task>(count);
        for (int i = 0; i < count; i++)
        {
            await opening.WaitAsync(cancellation);
            var firstBadge = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            reading.Add(ReadAsync(WebLoadOptions.CustomerId(i), firstBadge));
            first.Add(ReleaseAfterAsync(firstBadge.Task, opening));
        }
        await Task.WhenAll(first).WaitAsync(cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await Task.WhenAll(reading);
        ending.Dispose();
    }

    private static async Task ReleaseAfterAsync(Task first, SemaphoreSlim opening)
    {
        await first;
        opening.Release();
    }

    private async Task ReadAsync(string customerId, TaskCompletionSource firstBadge)
    {
        bool hasBadge = false;
        try
        {
            await using Stream body = await http.GetStreamAsync($"/v1/streams/badges?customer={customerId}", ending.Token);
            await foreach (SseItem<string> item in SseParser.Create(body).EnumerateAsync(ending.Token))
            {
                if (item.EventType == "heartbeat")
                    continue;
                if (item.EventType != "badge" || !IsOf(customerId, item.Data))
                {
                    wrong.Add($"the stream of {customerId} brought {item.EventType}: {item.Data}");
                    break;
                }
                Interlocked.Increment(ref badges);
                if (hasBadge)
                    continue;
                hasBadge = true;
                Interlocked.Increment(ref open);
                firstBadge.SetResult();
            }
            wrong.Add($"the stream of {customerId} ended");
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The end of the run.
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException)
        {
            wrong.Add($"the stream of {customerId} broke: {e.Message}");
        }
        if (hasBadge)
            Interlocked.Decrement(ref open);
        firstBadge.TrySetResult();
    }

    private static bool IsOf(string customerId, string badge)
    {
        using JsonDocument document = JsonDocument.Parse(badge);
        return document.RootElement.GetProperty("customerId").ValueEquals(customerId)
            && document.RootElement.GetProperty("profile") is { ValueKind: JsonValueKind.Object } profile
            && profile.GetProperty("customerId").ValueEquals(customerId);
    }
}
