using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using StreamScorer.Worker.Configuration;
using StreamScorer.Worker.Hosting;

namespace StreamScorer.Web.Tests.Running;

/// <summary>The real host in this process: engine, SQLite file and web surface on a free loopback port. Disposing stops it in good order.</summary>
internal sealed class RunningWorker : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly TaskCompletionSource<Uri> opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task running;
    private readonly TimeSpan look = TimeSpan.FromMilliseconds(20);

    private RunningWorker(StreamScorerOptions options)
    {
        running = Task.Run(() => WorkerHost.RunAsync(() => options, stop.Token, urls => opened.TrySetResult(new Uri(urls.First()))));
        Http = new HttpClient();
    }

    /// <summary>Talks to it.</summary>
    public HttpClient Http { get; }

    /// <summary>Starts one without a demo, on event time, with these further keys.</summary>
    public static async Task<RunningWorker> StartAsync(string directory, params (string Key, string Value)[] settings)
    {
        var worker = new RunningWorker(Options(directory, settings));
        Task first = await Task.WhenAny(worker.opened.Task, worker.running);
        await first;
        worker.Http.BaseAddress = await worker.opened.Task;
        return worker;
    }

    /// <summary>The configuration of such a worker.</summary>
    public static StreamScorerOptions Options(string directory, params (string Key, string Value)[] settings)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["DataDirectory"] = directory,
            ["Demo:Enabled"] = "false",
            ["Engine:Clock"] = "event",
            ["Http:Urls"] = "http://127.0.0.1:0",
            ["Logging:Level"] = "error",
        };
        foreach ((string key, string value) in settings)
            values[key] = value;
        return OptionsLoader.Load(OptionsLayer.FromFlags(values));
    }

    /// <summary>Posts a body to <c>/v1/events</c>.</summary>
    public async Task<HttpResponseMessage> PostAsync(string body, string mediaType = "application/json")
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        return await Http.PostAsync("/v1/events", content);
    }

    /// <summary>A customer's profile as soon as it is as wanted.</summary>
    public async Task<JsonElement> ProfileAsync(string customer, Predicate<JsonElement> isWanted)
    {
        using var timer = new PeriodicTimer(look);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            using HttpResponseMessage answer = await Http.GetAsync($"/v1/customers/{Uri.EscapeDataString(customer)}", patience.Token);
            if (answer.IsSuccessStatusCode && await answer.Content.ReadFromJsonAsync<JsonElement>() is var profile && isWanted(profile))
                return profile;
            await timer.WaitForNextTickAsync(patience.Token);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await stop.CancelAsync();
        await running;
        stop.Dispose();
    }
}
