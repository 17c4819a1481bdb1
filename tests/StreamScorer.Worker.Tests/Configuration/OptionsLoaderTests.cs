using System.Collections;
using StreamScorer.Scoring.Tiers;
using StreamScorer.Worker.Configuration;

namespace StreamScorer.Worker.Tests.Configuration;

public sealed class OptionsLoaderTests : IDisposable
{
    private readonly string path = Path.ChangeExtension(Path.GetTempFileName(), ".json");

    public void Dispose() => File.Delete(path);

    [Fact]
    public void With_nothing_configured_the_worker_is_standalone_and_on_loopback()
    {
        StreamScorerOptions options = OptionsLoader.Load();

        Assert.Equal(SourceKind.Standalone, options.Source);
        Assert.Equal(StoreKind.Standalone, options.Store);
        Assert.Equal(500, options.Engine.BatchSizeMax);
        Assert.Equal("http://127.0.0.1:5080", options.Http.Urls);
    }

    [Fact]
    public void The_file_that_ships_says_what_the_defaults_are()
    {
        string shipped = Path.Combine(AppContext.BaseDirectory, "config", "streamscorer.json");

        StreamScorerOptions options = OptionsLoader.Load(OptionsLayer.FromFile(shipped));

        Assert.Equivalent(new StreamScorerOptions(), options, strict: true);
    }

    [Fact]
    public void Environment_wins_over_the_file_and_flags_win_over_both()
    {
        StreamScorerOptions options = OptionsLoader.Load(
            JsonFile("""{"Kafka":{"TransactionsTopic":"a","GroupId":"a","TransitionsTopic":"a"},"Engine":{"IdleGrace":"00:00:02"}}"""),
            Environment(("STREAMSCORER__KAFKA__GROUPID", "b"), ("STREAMSCORER__Kafka__TransitionsTopic", "b"), ("OTHER", "x")),
            Flags(("Kafka:TransitionsTopic", "c")));

        Assert.Equal(("a", "b", "c"), (options.Kafka.TransactionsTopic, options.Kafka.GroupId, options.Kafka.TransitionsTopic));
        Assert.Equal(TimeSpan.FromSeconds(2), options.Engine.IdleGrace);
    }

    [Theory]
    [InlineData("Engine:BatchSizeMax", "0", "a whole number from 1 to 10000")]
    [InlineData("Engine:BatchSizeMax", "many", "a whole number from 1 to 10000")]
    [InlineData("Engine:IdleGrace", "5s", "a duration (hh:mm:ss.fff) from 00:00:00 to 01:00:00")]
    [InlineData("Engine:Clock", "sun", "wall or event")]
    [InlineData("Engine:Clock", "1", "wall or event")]
    [InlineData("Source", "kafak", "standalone or kafka")]
    [InlineData("Redis:Ssl", "yes", "true or false")]
    [InlineData("Redis:Endpoints", "localhost", "HOST:PORT, several separated by commas")]
    [InlineData("Kafka:BootstrapServers", "a:1,b", "HOST:PORT, several separated by commas")]
    [InlineData("Kafka:BootstrapServers", "a:0", "HOST:PORT, several separated by commas")]
    [InlineData("Redis:Prefix", "a b", "text that matches [A-Za-z0-9._-]{1,64}")]
    [InlineData("DataDirectory", "", "a text that is not empty")]
    [InlineData("Http:Urls", "ftp://127.0.0.1:80", "addresses such as http://127.0.0.1:5080, separated by semicolons, or none")]
    [InlineData("Http:Urls", "http://example.org/path", "addresses such as http://127.0.0.1:5080, separated by semicolons, or none")]
    public void A_value_that_is_not_allowed_is_named_with_its_key_its_origin_and_what_is_allowed(string key, string value, string allowed)
    {
        string variable = OptionsLayer.VariableName(key);

        var e = Assert.Throws<OptionsException>(() => OptionsLoader.Load(Environment((variable, value))));

        Assert.Equal([$"{key} = \"{value}\" (environment variable {variable}): allowed is {allowed}"], e.Errors);
    }

    [Fact]
    public void Schemes_that_do_not_exist_are_refused_with_all_that_do()
    {
        var e = Assert.Throws<OptionsException>(() => OptionsLoader.Load(Flags(("Publish:Schemes", "pyramid,golden"))));

        Assert.EndsWith($"allowed is all, or schemes separated by commas: {string.Join(", ", TierSchemes.Names)}", Assert.Single(e.Errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://localhost:80")]
    [InlineData("http://[::1]:0;http://127.0.0.1:0")]
    [InlineData("http://*:80")]
    [InlineData("none")]
    public void Addresses_are_allowed(string urls) =>
        Assert.Equal(urls, OptionsLoader.Load(Flags(("Http:Urls", urls))).Http.Urls);

    [Theory]
    [InlineData("STREAMSCORER__KAFKA__BOOTSTRAPSERVER", "KAFKA:BOOTSTRAPSERVER (environment variable STREAMSCORER__KAFKA__BOOTSTRAPSERVER): no such key; did you mean Kafka:BootstrapServers?")]
    [InlineData("STREAMSCORER__BATCHSIZEMAX", "BATCHSIZEMAX (environment variable STREAMSCORER__BATCHSIZEMAX): no such key; did you mean Engine:BatchSizeMax?")]
    [InlineData("STREAMSCORER__TURBO", "TURBO (environment variable STREAMSCORER__TURBO): no such key")]
    public void An_unknown_key_is_an_error_that_names_the_nearest(string variable, string expected)
    {
        var e = Assert.Throws<OptionsException>(() => OptionsLoader.Load(Environment((variable, "x"))));

        Assert.Equal([expected], e.Errors);
    }

    [Fact]
    public void An_unknown_key_of_the_file_names_the_file()
    {
        var e = Assert.Throws<OptionsException>(() => OptionsLoader.Load(JsonFile("""{"Engine":{"BatchSize":1}}""")));

        Assert.Equal([$"Engine:BatchSize ({path}): no such key; did you mean Engine:BatchSizeMax?"], e.Errors);
    }

    [Fact]
    public void Everything_that_is_wrong_is_said_at_once()
    {
        var e = Assert.Throws<OptionsException>(() => OptionsLoader.Load(Flags(("Engine:BatchSizeMax", "0"), ("Engine:Clock", "x"), ("Turbo", "1"))));

        Assert.Equal(3, e.Errors.Count);
    }

    [Fact]
    public void Settings_of_the_client_library_pass_through()
    {
        StreamScorerOptions options = OptionsLoader.Load(JsonFile("""{"Kafka":{"Client":{"security.protocol":"ssl"}}}"""));

        Assert.Equal("ssl", options.Kafka.Client["security.protocol"]);
    }

    [Theory]
    [InlineData("Source", "kafka", "Kafka:BootstrapServers is missing: Source = kafka needs --bootstrap HOST:PORT")]
    [InlineData("Store", "redis", "Redis:Endpoints is missing: Store = redis needs --redis HOST:PORT")]
    [InlineData("Store", "redis", "Source = standalone with Store = redis: allowed is kafka with redis, or standalone with standalone")]
    [InlineData("Redis:CaFile", "ca.pem", "Redis:CaFile = ca.pem: allowed only with Redis:Ssl = true")]
    [InlineData("Engine:RevokeDrainMax", "00:01:00", "Engine:RevokeDrainMax = 00:01:00: allowed is less than Kafka:GroupTimeout = 00:00:10")]
    [InlineData("Engine:OutboxBytesMax", "20000000", "Engine:CommitBytesMax = 16777216: allowed is up to half of Engine:OutboxBytesMax = 20000000")]
    [InlineData("Engine:CommitBytesMax", "500000", "DeadLetter:ValueBytesMax = 900000: allowed is up to Engine:CommitBytesMax = 500000")]
    [InlineData("Http:BodyBytesMax", "100000000", "Http:BodyBytesMax = 100000000: allowed is up to Http:PendingBytesMax = 67108864")]
    [InlineData("Webhooks:RetryMax", "00:00:01", "Webhooks:RetryPause = 00:00:05: allowed is up to Webhooks:RetryMax = 00:00:01")]
    public void Values_that_contradict_each_other_are_an_error(string key, string value, string expected)
    {
        var e = Assert.Throws<OptionsException>(() => OptionsLoader.Load(Flags((key, value))));

        Assert.Contains(expected, e.Errors);
    }

    [Theory]
    [InlineData("Kafka:Client:message.max.bytes", "500000", "DeadLetter:ValueBytesMax = 900000: allowed is up to Kafka:Client:message.max.bytes = 500000 less 65536 for key and headers")]
    [InlineData("DeadLetter:ValueBytesMax", "950000", "DeadLetter:ValueBytesMax = 950000: allowed is up to Kafka:Client:message.max.bytes = 1000000 less 65536 for key and headers")]
    [InlineData("Kafka:Client:MAX.POLL.INTERVAL.MS", "9000", "Kafka:GroupTimeout = 00:00:10: allowed is up to Kafka:Client:max.poll.interval.ms = 9000")]
    public void Values_that_contradict_the_client_library_are_an_error(string key, string value, string expected)
    {
        (string, string)[] distributed = [("Source", "kafka"), ("Store", "redis"), ("Kafka:BootstrapServers", "a:1"), ("Redis:Endpoints", "b:1")];
        OptionsLoader.Load(Flags(distributed));

        var e = Assert.Throws<OptionsException>(() => OptionsLoader.Load(Flags([.. distributed, (key, value)])));

        Assert.Equal([expected], e.Errors);
    }

    [Fact]
    public void The_largest_commit_fits_into_the_ring_of_event_ids()
    {
        var range = (System.ComponentModel.DataAnnotations.RangeAttribute)Attribute.GetCustomAttribute(
            typeof(EngineSettings).GetProperty(nameof(EngineSettings.BatchSizeMax))!, typeof(System.ComponentModel.DataAnnotations.RangeAttribute))!;

        Assert.InRange((int)range.Maximum, 1, Engine.Commit.PartitionMeta.RecentCapacity);
    }

    [Theory]
    [InlineData("{")]
    [InlineData(null)]
    public void A_file_that_cannot_be_read_is_named(string? content)
    {
        if (content is not null)
            File.WriteAllText(path, content);

        var e = Assert.Throws<OptionsException>(() => OptionsLayer.FromFile(path));

        Assert.Contains(path, e.Message, StringComparison.Ordinal);
    }

    private static OptionsLayer Environment(params (string Name, string Value)[] variables)
    {
        var table = new Hashtable();
        foreach ((string name, string value) in variables)
            table[name] = value;
        return OptionsLayer.FromEnvironment(table);
    }

    private static OptionsLayer Flags(params (string Key, string Value)[] flags) =>
        OptionsLayer.FromFlags(flags.ToDictionary(flag => flag.Key, flag => (string?)flag.Value));

    private OptionsLayer JsonFile(string json)
    {
        File.WriteAllText(path, json);
        return OptionsLayer.FromFile(path);
    }
}
