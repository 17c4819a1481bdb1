using System.Text.Json;
using StreamScorer.Testing;
using StreamScorer.Worker.CommandLine;

namespace StreamScorer.Worker.Tests.Replay;

/// <summary>The replay command through the real SQLite log, store and engine.</summary>
public sealed class ReplayTests : IDisposable
{
    private const string Header = "customer,time,amount,id\n";
    private readonly TempDirectory directory = new();
    private readonly StringWriter error = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task The_report_counts_every_record_of_the_file()
    {
        JsonElement report = await ReplayAsync(
            Header
            + "ann,2020-01-01,100.10,1\n"
            + "ann,2020-01-02,50,2\n"
            + "ann,2020-01-02,50,2\n"
            + "bob,2020-01-03,20.05,3\n"
            + "bob,2020-01-04,-5.05,4\n"
            + "bob,yesterday,5,5\n"
            + ",2020-01-05,5,6\n"
            + "cid,2020-01-06,10,7\n");

        Assert.Equal(8, report.GetProperty("events").GetInt64());
        Assert.Equal(5, report.GetProperty("applied").GetInt64());
        Assert.Equal(1, report.GetProperty("duplicates").GetInt64());
        Assert.Equal(2, report.GetProperty("deadLettered").GetInt64());
        Assert.Equal(3, report.GetProperty("customers").GetInt64());
        Assert.Equal("175.10", report.GetProperty("revenue").GetRawText());
        Assert.Equal(report.GetProperty("transitions").GetInt64(), report.GetProperty("byCause").EnumerateObject().Sum(cause => cause.Value.GetInt64()));
        Assert.Equal(3, report.GetProperty("schemes").GetProperty("absolute").EnumerateObject().Sum(tier => tier.Value.GetInt64()));
        Assert.Equal(32, report.GetProperty("digest").GetString()!.Length);
    }

    [Fact]
    public async Task The_shares_of_the_top_are_of_the_nearest_number_of_customers()
    {
        // 100 customers with 1..100: the top 1 is 100 of 5,050, the top 5 are 490, the top 20 are 1,810.
        string rows = string.Concat(Enumerable.Range(1, 100).Select(i => $"c{i},2020-01-01,{i},{i}\n"));

        JsonElement shares = (await ReplayAsync(Header + rows)).GetProperty("shareOfTop");

        Assert.Equal(0.019802, shares.GetProperty("1").GetDouble());
        Assert.Equal(0.09703, shares.GetProperty("5").GetDouble());
        Assert.Equal(0.358416, shares.GetProperty("20").GetDouble());
    }

    [Fact]
    public async Task The_digest_is_the_same_for_any_partitions_and_batches_and_another_for_another_file()
    {
        string rows = string.Concat(Enumerable.Range(0, 600).Select(i => $"c{i % 37},{new DateTime(2020, 1, 1).AddDays(i / 2):yyyy-MM-dd},{10 + (i % 90)},{i}\n"));
        string[] partitions = ["--set", "Standalone:Partitions=1"], batches = ["--set", "Engine:BatchSizeMax=3"];

        string digest = Digest(await ReplayAsync(Header + rows, "--as-of", "2022-01-01"));

        Assert.Equal(digest, Digest(await ReplayAsync(Header + rows, ["--as-of", "2022-01-01", .. partitions])));
        Assert.Equal(digest, Digest(await ReplayAsync(Header + rows, ["--as-of", "2022-01-01", .. batches])));
        Assert.NotEqual(digest, Digest(await ReplayAsync(Header + rows.Replace("c5,", "c55,", StringComparison.Ordinal), "--as-of", "2022-01-01")));
    }

    [Fact]
    public async Task Silence_up_to_the_instant_asked_for_is_assessed()
    {
        string rows = string.Concat(Enumerable.Range(0, 20).Select(i => $"ann,{new DateTime(2020, 1, 1).AddDays(7 * i):yyyy-MM-dd},100,{i}\n"));

        JsonElement busy = await ReplayAsync(Header + rows);
        JsonElement later = await ReplayAsync(Header + rows, "--as-of", "2099-01-01");

        Assert.Equal(1, Count(busy, "churn", "low"));
        Assert.Equal(1, Count(later, "churn", "high"));
        Assert.Equal(1, Count(later, "lifecycle", "exited"));
        Assert.True(later.GetProperty("byCause").GetProperty("silence").GetInt64() > busy.GetProperty("byCause").GetProperty("silence").GetInt64());
    }

    [Fact]
    public async Task NDJSON_and_CSV_of_the_same_events_give_the_same_digest()
    {
        string ndjson = """
            {"customerId":"ann","id":"1","time":"2020-01-01T00:00:00Z","type":"purchase","amount":100.10}
            {"customerId":"bob","id":"2","time":"2020-02-01T00:00:00Z","type":"refund","amount":5}

            """;

        Assert.Equal(
            Digest(await ReplayAsync(Header + "ann,2020-01-01,100.10,1\nbob,2020-02-01,-5,2\n")),
            Digest(await ReplayFileAsync("events.ndjson", ndjson)));
    }

    [Fact]
    public async Task An_empty_file_is_a_replay_of_nothing()
    {
        JsonElement report = await ReplayAsync(Header);

        Assert.Equal(0, report.GetProperty("events").GetInt64());
        Assert.Equal(0, report.GetProperty("shareOfTop").GetProperty("20").GetDouble());
    }

    [Fact]
    public async Task Without_json_people_get_tables()
    {
        var output = new StringWriter();
        string path = directory.File("events.csv");
        File.WriteAllText(path, Header + "ann,2020-01-01,100.10,1\n");

        Assert.Equal(ExitCode.Ok, await StreamScorerCommand.InvokeAsync(["replay", path], output, error));
        Assert.Contains("net revenue", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("platinum", output.ToString(), StringComparison.Ordinal);
    }

    private static long Count(JsonElement report, string scheme, string tier) => report.GetProperty("schemes").GetProperty(scheme).GetProperty(tier).GetInt64();

    private static string Digest(JsonElement report) => report.GetProperty("digest").GetString()!;

    private Task<JsonElement> ReplayAsync(string csv, params string[] flags) => ReplayFileAsync("events.csv", csv, flags);

    private async Task<JsonElement> ReplayFileAsync(string name, string content, params string[] flags)
    {
        var output = new StringWriter();
        string path = directory.File(name);
        File.WriteAllText(path, content);

        int exitCode = await StreamScorerCommand.InvokeAsync(["replay", path, "--json", .. flags], output, error);

        Assert.True(exitCode == ExitCode.Ok, error.ToString());
        // The one object, and nothing else on standard output.
        return JsonDocument.Parse(output.ToString()).RootElement;
    }
}
