using Xunit;

namespace StreamScorer.Kafka.Tests;

public sealed class KafkaOptionsTests
{
    private static readonly Dictionary<string, KafkaOptions> Wrong = new()
    {
        ["Kafka:BootstrapServers"] = new KafkaOptions { BootstrapServers = " " },
        ["Kafka:TransactionsTopic"] = new KafkaOptions { TransactionsTopic = "" },
        ["Kafka:GroupId"] = new KafkaOptions { GroupId = "" },
        ["Kafka:SessionTimeoutMs = 3999: must be 4000 to 300000"] = new KafkaOptions { SessionTimeoutMs = 3_999 },
        ["Kafka:ConnectTimeoutMs = 0: must be 100 to 300000"] = new KafkaOptions { ConnectTimeoutMs = 0 },
        ["Kafka:BatchSizeMax = 10001: must be 1 to 10000"] = new KafkaOptions { BatchSizeMax = 10_001 },
        ["Kafka:QueuedBatchesMax = 0: must be 1 to 1024"] = new KafkaOptions { QueuedBatchesMax = 0 },
        ["Kafka:PrefetchRecords = 0"] = new KafkaOptions { PrefetchRecords = 0 },
        ["Kafka:PrefetchKilobytes = 0"] = new KafkaOptions { PrefetchKilobytes = 0 },
        ["Kafka:FetchWaitMaxMs = 0: must be 1 to 1000"] = new KafkaOptions { FetchWaitMaxMs = 0 },
        ["Kafka:LingerMs = NaN: must be 0 to 1000"] = new KafkaOptions { LingerMs = double.NaN },
        ["three different topics"] = new KafkaOptions { DeadLettersTopic = "transactions" },
        ["Kafka:Client:Acks = '1'"] = new KafkaOptions { Client = new Dictionary<string, string> { ["Acks"] = "1" } },
    };

    public static TheoryData<string> Complaints => [.. Wrong.Keys];

    [Fact]
    public void The_defaults_are_valid() => Assert.Empty(new KafkaOptions().Validate());

    [Fact]
    public void Security_settings_pass_through()
    {
        var options = new KafkaOptions { Client = new Dictionary<string, string> { ["security.protocol"] = "SASL_SSL", ["sasl.mechanism"] = "PLAIN" } };

        Assert.Empty(options.Validate());
        Assert.Equal("SASL_SSL", KafkaClientConfig.Source(options).Get("security.protocol"));
        Assert.Equal("PLAIN", KafkaClientConfig.Producer(options).Get("sasl.mechanism"));
    }

    [Fact]
    public void A_name_in_the_group_makes_the_member_a_static_one()
    {
        Assert.Equal("worker-3", KafkaClientConfig.Source(new KafkaOptions { GroupInstanceId = "worker-3" }).GroupInstanceId);
        Assert.Null(KafkaClientConfig.Source(new KafkaOptions()).GroupInstanceId);
    }

    [Theory]
    [MemberData(nameof(Complaints))]
    public void A_wrong_option_is_named_with_its_value_and_what_is_allowed(string complaint) =>
        Assert.Contains(complaint, Assert.Single(Wrong[complaint].Validate()), StringComparison.Ordinal);

    [Fact]
    public void Wrong_options_make_no_client() =>
        Assert.Contains(
            "Kafka:BatchSizeMax",
            Assert.Throws<ArgumentException>(() => Clients.Source(new KafkaOptions { BatchSizeMax = 0 })).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("no.such.property", "1", "no.such.property")]
    [InlineData("socket.timeout.ms", "soon", "socket.timeout.ms")]
    public void A_client_property_that_does_not_exist_or_fit_is_named(string property, string value, string expected)
    {
        var options = new KafkaOptions { Client = new Dictionary<string, string> { [property] = value } };

        string message = Assert.Throws<ArgumentException>(() => Clients.Source(options)).Message;

        Assert.Contains("Kafka:Client:", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }
}
