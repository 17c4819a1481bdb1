using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using StreamScorer.Testing;
using StreamScorer.Web.Tests.Running;
using StreamScorer.Worker.CommandLine;
using StreamScorer.Worker.Webhooks;

namespace StreamScorer.Web.Tests.Webhooks;

/// <summary>Webhooks against a real receiver: what is sent, in which order, how it is signed, and what happens when the receiver fails.</summary>
public sealed class WebhookTests : IDisposable
{
    private readonly TempDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Wanted_transitions_come_signed_once_and_in_order_also_over_failures_and_a_restart()
    {
        var failed = new ConcurrentDictionary<string, bool>();
        // Each message fails once, and succeeds when it comes again.
        await using Receiver receiver = await Receiver.StartAsync(delivery => failed.TryAdd(delivery.Id, true) ? 500 : 204);
        string[] added = (await WebhooksAsync("add", receiver.Url, "--scheme", "lifecycle", "--direction", "down")).Trim().Split(' ');
        string second = "";
        await using (RunningWorker worker = await StartAsync())
        {
            await FollowedAsync(added[0]);
            await LoseAsync(worker, "ann", 0);
            Delivery first = await receiver.NextAsync(), again = await receiver.NextAsync();

            Assert.Equal((first.Id, first.Body), (again.Id, again.Body));
            Assert.Equal(("ann", "lifecycle", "down"), (again.Customer, again.Data.GetProperty("scheme").GetString(), again.Data.GetProperty("direction").GetString()));
            byte[] secret = Convert.FromBase64String(added[1]["whsec_".Length..]);
            Assert.Equal($"v1,{Convert.ToBase64String(HMACSHA256.HashData(secret, again.Signed))}", again.Signature);
            second = again.Id;
        }
        string rotated = (await WebhooksAsync("rotate", added[0])).Trim();
        await using (RunningWorker worker = await StartAsync())
        {
            await LoseAsync(worker, "bob", 1);
            Delivery next = await receiver.NextAsync();
            while (next.Customer == "ann" && next.Id == second)
                next = await receiver.NextAsync();

            Assert.NotEqual(second, next.Id);
            string[] signatures = next.Signature.Split(' ');
            Assert.Equal(2, signatures.Length);
            Assert.Equal($"v1,{Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(rotated["whsec_".Length..]), next.Signed))}", signatures[0]);

            await WebhooksAsync("replay", added[0], "--from", "0.0.0.0");
            while ((next = await receiver.NextAsync()).Id != second)
            {
            }
            Assert.Equal("ann", next.Customer);
        }
    }

    [Fact]
    public async Task A_customer_whose_messages_fail_holds_up_no_other_and_goes_on_in_order_after_a_restart()
    {
        bool isMended = false;
        await using Receiver receiver = await Receiver.StartAsync(delivery => delivery.Customer == "ann" && !Volatile.Read(ref isMended) ? 500 : 204);
        string id = (await WebhooksAsync("add", receiver.Url, "--scheme", "lifecycle", "--scheme", "churn")).Split(' ')[0];
        var attempted = new List<string>();
        await using (RunningWorker worker = await StartAsync())
        {
            await FollowedAsync(id);
            await LoseAsync(worker, "ann", 0);
            await LoseAsync(worker, "bob", 1);
            // Bob's whole story comes while ann's first message still fails.
            for (Delivery next = await receiver.NextAsync(); next is not { Customer: "bob", To: "decline" }; next = await receiver.NextAsync())
            {
                if (next.Customer == "ann")
                    attempted.Add(next.Id);
            }
        }
        Assert.Single(attempted.Distinct());

        Volatile.Write(ref isMended, true);
        await using (RunningWorker worker = await StartAsync())
        {
            var story = new List<Delivery>();
            while (story.LastOrDefault()?.To != "decline")
            {
                // What the first worker still tried while it stopped was refused and lies unread before the story.
                Delivery next = await receiver.NextAsync();
                if (next is { Customer: "ann", Answered: 204 })
                    story.Add(next);
            }
            Assert.Equal(attempted[0], story[0].Id);
            long[] sequence = [.. story.Select(delivery => delivery.Data.GetProperty("sequence").GetInt64())];
            Assert.True(sequence.Length > 1, "ann has only one message");
            Assert.Equal(sequence.Distinct().Order(), sequence);
        }
    }

    [Fact]
    public async Task What_never_succeeds_is_parked_and_a_redirect_is_not_followed()
    {
        await using Receiver receiver = await Receiver.StartAsync(_ => 302);
        string id = (await WebhooksAsync("add", receiver.Url, "--scheme", "lifecycle")).Split(' ')[0];
        await using RunningWorker worker = await StartAsync(("Webhooks:RetryMax", "00:00:00.100"));
        await FollowedAsync(id);

        await LoseAsync(worker, "ann", 0);
        Assert.Equal("/hook", (await receiver.NextAsync()).Path);
        Assert.Equal("/hook", (await receiver.NextAsync()).Path);

        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!(await WebhooksAsync("list")).Contains("parked 1", StringComparison.Ordinal))
            await timer.WaitForNextTickAsync();
    }

    [Fact]
    public async Task A_private_address_is_not_called_unless_that_is_allowed()
    {
        await using Receiver receiver = await Receiver.StartAsync(_ => 204);
        string id = (await WebhooksAsync("add", receiver.Url)).Split(' ')[0];

        Assert.Contains("private network", await WebhooksAsync(ExitCode.Failed, "test", id), StringComparison.Ordinal);
        Assert.Equal("delivered", (await WebhooksAsync("test", id, "--set", "Webhooks:AllowPrivateAddresses=true")).Trim());
        Assert.Equal("{}", (await receiver.NextAsync()).Data.GetRawText());
    }

    [Theory]
    [InlineData("93.184.216.34", true)]
    [InlineData("2606:2800:220:1::1", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("172.31.0.1", false)]
    [InlineData("172.32.0.1", true)]
    [InlineData("192.168.1.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("::1", false)]
    [InlineData("::", false)]
    [InlineData("fd00::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    public void Private_addresses_are_known(string address, bool isPublic) => Assert.Equal(isPublic, WebhookClient.IsPublic(IPAddress.Parse(address)));

    private Task<RunningWorker> StartAsync(params (string Key, string Value)[] settings) => RunningWorker.StartAsync(
        directory.Path, [("Webhooks:AllowPrivateAddresses", "true"), ("Webhooks:RetryPause", "00:00:00.020"), ("Http:HeartbeatInterval", "00:00:01"), .. settings]);

    /// <summary>The endpoint has its first cursor: what comes now is sent.</summary>
    private async Task FollowedAsync(string id)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!File.Exists(directory.File($"webhook-{id}.json")))
            await timer.WaitForNextTickAsync();
    }

    /// <summary>One purchase, and then a year of other people's: the customer declines.</summary>
    private static async Task LoseAsync(RunningWorker worker, string customer, int run)
    {
        IEnumerable<string> others = Enumerable.Range(0, 40).Select(i => Purchases.Json($"other{i}", $"{run}", 300 * (run + 1)));
        using HttpResponseMessage answer = await worker.PostAsync(string.Join('\n', others.Prepend(Purchases.Json(customer, "1", 300 * run))), "application/x-ndjson");
        Assert.True(answer.IsSuccessStatusCode);
    }

    private Task<string> WebhooksAsync(params string[] arguments) => WebhooksAsync(ExitCode.Ok, arguments);

    private async Task<string> WebhooksAsync(int expected, params string[] arguments)
    {
        var output = new StringWriter();
        Assert.Equal(expected, await StreamScorerCommand.InvokeAsync(["webhooks", .. arguments, "--data", directory.Path], output, TextWriter.Null));
        return output.ToString();
    }
}
