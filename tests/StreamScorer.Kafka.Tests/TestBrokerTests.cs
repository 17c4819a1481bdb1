using StreamScorer.Testing.Brokers;
using Xunit;

namespace StreamScorer.Kafka.Tests;

public sealed class TestBrokerTests
{
    [Theory]
    [InlineData("down 1")]
    [InlineData("up all")]
    [InlineData("rtt 2 5")]
    [InlineData("error 1 6 3")]
    [InlineData("leader t 0 2")]
    [InlineData("coordinator group g 2")]
    public async Task Fault_commands_are_accepted(string command)
    {
        await using TestBrokerProcess broker = await TestBrokerProcess.StartAsync(["t:1"], brokers: 2);

        await broker.CommandAsync(command);
    }

    [Theory]
    [InlineData("down 3", "N = '3': must be a number from 1 to 2")]
    [InlineData("rtt 1 -1", "MS = '-1'")]
    [InlineData("leader nowhere x 1", "PARTITION = 'x'")]
    [InlineData("explode", "'explode' is no command")]
    public async Task Wrong_commands_are_explained(string command, string expected)
    {
        await using TestBrokerProcess broker = await TestBrokerProcess.StartAsync(["t:1"], brokers: 2);

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => broker.CommandAsync(command));

        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }
}
