using System.Text;
using System.Text.Json;
using StreamScorer.Engine.Publish;
using StreamScorer.Scoring.Tests.Models;
using StreamScorer.Testing;

namespace StreamScorer.EndToEnd;

/// <summary>The same file through worker processes, a broker and Redis: the same digest, whatever happens on the way.</summary>
public sealed class DistributedReplayTests : IDisposable
{
    private readonly TempDirectory directory = new();
    private readonly CancellationTokenSource patience = new(TimeSpan.FromMinutes(5));

    public void Dispose()
    {
        directory.Dispose();
        patience.Dispose();
    }

    [DataFact]
    public async Task Cdnow_falls_silent_on_time_and_every_transition_is_published_once()
    {
        string file = SharedData.PathOf("cdnow/events.csv");
        await using Servers servers = await Servers.StartAsync(8);

        JsonElement distributed = await ReplayAsync([file, "--as-of", "1998-06-30", "--through", "kafka+redis", "--workers", "2", .. servers.Flags]);

        Assert.Equal(await StandaloneDigestAsync(file, "--as-of", "1998-06-30"), Digest(distributed));
        await using var output = new OutputTopic(servers.Broker.Bootstrap, 8);
        List<Transition> transitions = await output.TransitionsAsync();
        Assert.Equal(transitions.Count, transitions.Select(transition => transition.Id).Distinct().Count());
        AssertSilent(transitions, file);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(8, 1)]
    [InlineData(8, 2)]
    public async Task Any_partitions_and_workers_give_the_standalone_digest(int partitions, int workers)
    {
        string file = directory.File("events.csv");
        DemoFile.Write(file, 6_000);
        await using Servers servers = await Servers.StartAsync(partitions);

        JsonElement distributed = await ReplayAsync([file, "--through", "kafka+redis", "--workers", $"{workers}", .. servers.Flags]);

        Assert.Equal(6_000, distributed.GetProperty("applied").GetInt64());
        Assert.Equal(await StandaloneDigestAsync(file), Digest(distributed));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_worker_killed_or_stopped_in_the_middle_changes_nothing(bool kill)
    {
        string file = directory.File("events.csv");
        DemoFile.Write(file, 12_000);
        await using Servers servers = await Servers.StartAsync(8);
        await using var output = new OutputTopic(servers.Broker.Bootstrap, 8);
        using WorkerProgram replay = WorkerProgram.Start(
            directory.Path, ["replay", file, "--json", "--through", "kafka+redis", "--workers", "2", .. servers.Flags]);

        await output.HasAsync(500, patience.Token);
        int victim = replay.Children[0];
        if (kill)
            WorkerProgram.KillNow(victim);
        else
            WorkerProgram.Terminate(victim);
        string restarted = await replay.ErrorLineAsync("it is started again", patience.Token);
        ProgramResult result = await replay.EndAsync();

        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Contains($"ended with exit code {(kill ? 137 : 0)}", restarted, StringComparison.Ordinal);
        JsonElement report = JsonDocument.Parse(result.Output).RootElement;
        Assert.Equal(12_000, report.GetProperty("applied").GetInt64());
        Assert.Equal(0, report.GetProperty("duplicates").GetInt64());
        Assert.Equal(await StandaloneDigestAsync(file), Digest(report));
        List<Transition> transitions = await output.TransitionsAsync();
        Assert.Equal(transitions.Count, transitions.Select(transition => transition.Id).Distinct().Count());
    }

    [Fact]
    public async Task Malformed_records_in_the_middle_land_in_the_dead_letters_and_the_rest_goes_on()
    {
        string file = directory.File("events.csv");
        File.WriteAllText(
            file,
            "customer,time,amount,id\nann,2020-01-01,10,1\nann,2020-13-01,10,2\n,2020-01-03,10,3\nann,2020-01-04,ten,4\nann,2020-01-05,\"10\nbob,2020-01-06,10,6\n");
        await using Servers servers = await Servers.StartAsync(2);

        JsonElement report = await ReplayAsync([file, "--through", "kafka+redis", .. servers.Flags]);

        Assert.Equal(2, report.GetProperty("applied").GetInt64());
        Assert.Equal(4, report.GetProperty("deadLettered").GetInt64());
        await using var deadLetters = new OutputTopic(servers.Broker.Bootstrap, 2, "transactions.dead-letters");
        List<PublishedRecord> records = await deadLetters.ReadAsync();
        Assert.Equal(
            [",2020-01-03,10,3", "ann,2020-01-04,ten,4", "ann,2020-01-05,\"10", "ann,2020-13-01,10,2"],
            records.Select(record => Encoding.UTF8.GetString(record.Value!)).Order(StringComparer.Ordinal));
        Assert.All(records, record => Assert.Equal("malformed_json", OutputTopic.Header(record, "reason")));
        Assert.Equal(3, records.Count(record => record.Key is not null && Encoding.UTF8.GetString(record.Key) == "ann"));
    }

    [Fact]
    public async Task A_second_run_on_the_same_topics_starts_at_their_ends()
    {
        string file = directory.File("events.csv");
        DemoFile.Write(file, 500);
        await using Servers servers = await Servers.StartAsync(2);

        JsonElement first = await ReplayAsync([file, "--through", "kafka+redis", .. servers.Flags]);
        JsonElement second = await ReplayAsync([file, "--through", "kafka+redis", .. servers.Flags]);

        Assert.Equal(500, second.GetProperty("applied").GetInt64());
        Assert.Equal(0, second.GetProperty("duplicates").GetInt64());
        Assert.Equal(Digest(first), Digest(second));
    }

    [Fact]
    public async Task A_topic_that_does_not_exist_is_named_with_the_fix()
    {
        string file = directory.File("events.csv");
        DemoFile.Write(file, 1);
        await using Servers servers = await Servers.StartAsync(1);

        ProgramResult result = await WorkerProgram.RunAsync(
            ["replay", file, "--through", "kafka+redis", "--set", "Kafka:TransitionsTopic=transactions.dead-letters.2", .. servers.Flags]);

        Assert.Equal(4, result.ExitCode);
        Assert.Contains("Kafka:TransitionsTopic", result.Errors, StringComparison.Ordinal);
    }

    /// <summary>Each silent transition is at an instant at which its customer did nothing, after the customer's last event before it.</summary>
    private static void AssertSilent(List<Transition> transitions, string file)
    {
        ILookup<string, DateTime> events = File.ReadLines(file).Skip(1).Select(line => line.Split(',')).ToLookup(
            columns => columns[0],
            columns => DateTime.Parse(columns[1], System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AdjustToUniversal | System.Globalization.DateTimeStyles.AssumeUniversal));
        // Bounds that count whole days can fall on the very instant of an event, and silence up to it comes first; curves are crossed between events.
        List<Transition> silent = transitions.FindAll(transition => transition is { Cause: "silence", Scheme: "absolute" or "churn" or "lifecycle" });

        Assert.NotEmpty(silent);
        Assert.All(silent, transition => Assert.DoesNotContain(transition.Time, events[transition.CustomerId]));
        // Crossings of a curve fall on any second of the day; the file's events all fall on midnight.
        Assert.Contains(silent, transition => transition.Time.TimeOfDay != TimeSpan.Zero);
        // Customers that never came back still fell, up to the instant the clock was asked to run to.
        Assert.Contains(silent, transition => transition.Time > events[transition.CustomerId].Max().AddDays(30));
        Assert.All(silent, transition => Assert.True(transition.Time <= new DateTime(1998, 6, 30, 0, 0, 0, DateTimeKind.Utc)));
    }

    private static async Task<string> StandaloneDigestAsync(params string[] arguments) => Digest(await ReplayAsync(arguments));

    private static string Digest(JsonElement report) => report.GetProperty("digest").GetString()!;

    private static async Task<JsonElement> ReplayAsync(string[] arguments)
    {
        ProgramResult result = await WorkerProgram.RunAsync(["replay", .. arguments, "--json"]);

        Assert.True(result.ExitCode == 0, result.Errors);
        return JsonDocument.Parse(result.Output).RootElement;
    }
}
