using System.Diagnostics;
using System.Globalization;
using System.Net;
using Xunit.Abstractions;

namespace StreamScorer.EndToEnd.Faults;

/// <summary>
/// A server stays away. Seconds in the suite; <c>STREAMSCORER_OUTAGE_SECONDS=60</c> makes it a minute each.
/// </summary>
[Collection(FaultCollection.Name)]
public sealed class OutageTests(FaultRig rig, ITestOutputHelper output)
{
    private const int Records = 2_000;

    // What is fetched ahead, and the batches that wait, of all partitions together; a worker that kept everything would hold more.
    private const long GrowthMaxBytes = 150_000_000;

    // What a probe waits for a server, several times over: the machine may be busy with other tests.
    private static readonly TimeSpan noticeMax = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan outage =
        TimeSpan.FromSeconds(double.Parse(Environment.GetEnvironmentVariable("STREAMSCORER_OUTAGE_SECONDS") ?? "1", CultureInfo.InvariantCulture));

    [Theory]
    [Trait("Fault", "F12")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_worker_without_one_of_its_servers_is_alive_not_ready_and_goes_on_by_itself(bool isStore)
    {
        WorkerProgram worker = await rig.WorkerAsync();
        using var http = new HttpClient { BaseAddress = new Uri((await worker.ErrorLineAsync("Web surface on ", rig.Patience)).Split("Web surface on ")[1]) };
        await Until.TrueAsync(() => IsOkAsync(http, "/health/ready"), "be ready", () => worker.Errors);
        long before = worker.ResidentBytes, peak = before;

        if (isStore)
            rig.Network.Cut();
        else
            await rig.Broker.CommandAsync("down all");
        Task load = rig.AppendAsync(Records);
        long cut = Stopwatch.GetTimestamp();
        await Until.TrueAsync(async () => !await IsOkAsync(http, "/health/ready"), "be not ready", () => worker.Errors);
        TimeSpan noticed = Stopwatch.GetElapsedTime(cut);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < outage;)
        {
            await timer.WaitForNextTickAsync();
            Assert.True(await IsOkAsync(http, "/health/live"));
            Assert.False(await IsOkAsync(http, "/health/ready"));
            peak = Math.Max(peak, worker.ResidentBytes);
        }
        if (isStore)
            rig.Network.Heal(rig.Redis.Port);
        else
            await rig.Broker.CommandAsync("up all");

        long back = Stopwatch.GetTimestamp();
        await load;
        await Until.TrueAsync(() => IsOkAsync(http, "/health/ready"), "be ready again", () => worker.Errors);
        TimeSpan recovered = Stopwatch.GetElapsedTime(back);
        await rig.ConvergeAsync();
        output.WriteLine($"{(isStore ? "Redis" : "Kafka")} away for {outage.TotalSeconds} s: not ready after {noticed.TotalSeconds:F1} s, ready {recovered.TotalSeconds:F1} s "
            + $"after it was back; resident {before / 1_000_000} MB before, at most {peak / 1_000_000} MB meanwhile");
        Assert.InRange(noticed, TimeSpan.Zero, noticeMax);
        Assert.InRange(recovered, TimeSpan.Zero, noticeMax);
        Assert.InRange(peak - before, long.MinValue, GrowthMaxBytes);
    }

    private static async Task<bool> IsOkAsync(HttpClient http, string path)
    {
        using HttpResponseMessage answer = await http.GetAsync(path);
        return answer.StatusCode == HttpStatusCode.OK;
    }
}
