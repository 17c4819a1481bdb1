using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using StreamScorer.Testing;
using StreamScorer.Web.Tests.Running;

namespace StreamScorer.EndToEnd.Operations;

/// <summary>The log of a running worker.</summary>
public sealed class LogTests : IDisposable
{
    private readonly TempDirectory directory = new();
    private readonly CancellationTokenSource patience = new(TimeSpan.FromMinutes(3));

    public void Dispose()
    {
        directory.Dispose();
        patience.Dispose();
    }

    [Fact]
    public async Task A_hangup_takes_a_changed_level_over_and_refuses_what_cannot_be_used_and_every_line_is_JSON()
    {
        string file = Path.Combine(directory.Path, "worker.json");
        await WriteAsync(file, "Information");
        using WorkerProgram worker = WorkerProgram.Start(
            directory.Path, "run", "--config", file, "--data", directory.Path, "--urls", "http://127.0.0.1:0", "--set", "Demo:Customers=10");
        await worker.ErrorLineAsync("Web surface on ", patience.Token);

        await WriteAsync(file, "Warning");
        worker.Reload();
        await worker.ErrorLineAsync("log level is Warning", patience.Token);
        await WriteAsync(file, "Loud");
        worker.Reload();
        await worker.ErrorLineAsync("Logging:Level = ", patience.Token);
        worker.Terminate();
        ProgramResult result = await worker.EndAsync();

        Assert.Equal(0, result.ExitCode);
        int[] ids = [.. result.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("EventId").GetInt32())];
        Assert.Contains(2, ids);
        // From the reload on nothing below a warning: neither the released partitions nor the good end.
        Assert.Equal([4, 5], ids[Array.IndexOf(ids, 4)..]);
    }

    [Fact]
    public async Task The_normal_log_of_events_lookups_and_an_erasure_names_no_customer_and_no_key()
    {
        const string Customer = "customer-0042";
        ProgramResult added = await WorkerProgram.RunAsync("keys", "add", "desk", "--role", "admin", "--data", directory.Path);
        string key = added.Output.Trim();
        using WorkerProgram worker = WorkerProgram.Start(
            directory.Path, "run", "--data", directory.Path, "--urls", "http://127.0.0.1:0", "--set", "Demo:Enabled=false", "--set", "Engine:Clock=event");
        const string Open = "Web surface on ";
        string line = await worker.ErrorLineAsync(Open, patience.Token);
        using var http = new HttpClient { BaseAddress = new Uri(line[(line.IndexOf(Open, StringComparison.Ordinal) + Open.Length)..]) };
        string path = $"/v1/customers/{Customer}";
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync($"{path}?key={key}", patience.Token)).StatusCode);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);

        string unusable = Purchases.Json(Customer, "2", 1).Replace("purchase", "theft", StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Accepted, await PostAsync(http, Purchases.Json(Customer, "1", 0)));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await PostAsync(http, unusable));
        await Faults.Until.TrueAsync(async () => (await http.GetAsync(path, patience.Token)).IsSuccessStatusCode, "score the event", () => worker.Errors);
        foreach (string view in new[] { $"{path}/explanation", $"{path}/badge.svg", $"/v1/transitions?customer={Customer}" })
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(view, patience.Token)).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await http.DeleteAsync(path, patience.Token)).StatusCode);
        await Faults.Until.TrueAsync(async () => !(await http.GetAsync(path, patience.Token)).IsSuccessStatusCode, "erase the customer", () => worker.Errors);
        worker.Terminate();
        ProgramResult result = await worker.EndAsync();

        Assert.True(key.Length > 20, key);
        Assert.Contains("DELETE /v1/customers/{id} answered 202", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(Customer, result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(key, result.Errors, StringComparison.Ordinal);
    }

    private async Task<HttpStatusCode> PostAsync(HttpClient http, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await http.PostAsync("/v1/events", content, patience.Token);
        return answer.StatusCode;
    }

    private Task WriteAsync(string file, string level) => File.WriteAllTextAsync(
        file, $$"""{ "Logging": { "Level": "{{level}}", "Format": "Json" } }""", patience.Token);
}
