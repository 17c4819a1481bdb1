using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Source;
using StreamScorer.Standalone.Log;
using StreamScorer.Testing;
using StreamScorer.Worker.Configuration;
using StreamScorer.Worker.Customers;
using Opened = StreamScorer.Worker.Hosting.Deployment;

namespace StreamScorer.Worker.Tests.Customers;

/// <summary>Where an erasure goes: it must come to where the customer's events will be.</summary>
public sealed class CustomerEraserTests : IDisposable
{
    private const int Partitions = 16;
    private readonly TempDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData(PartitionerKind.Unknown, "nobody")]
    [InlineData(PartitionerKind.Murmur2, "nobody")]
    [InlineData(PartitionerKind.Crc32, "nobody")]
    [InlineData(PartitionerKind.Crc32, "no body else")]
    public async Task A_customer_that_is_not_known_is_erased_where_the_producers_would_put_it(PartitionerKind rule, string customer)
    {
        var options = new StreamScorerOptions { DataDirectory = directory.Path, Standalone = new StandaloneSettings { Partitions = Partitions } };
        await using Opened deployment = await Opened.OpenAsync(options, NullLoggerFactory.Instance, CancellationToken.None);
        AppRecord app = await deployment.Store.ReadOrCreateAppAsync(deployment.Source.Topic, Partitions, 2, CancellationToken.None);
        Assert.True(await deployment.Store.ReplaceAppAsync(app with { Partitioner = rule }, CancellationToken.None));
        await using var eraser = new CustomerEraser(deployment, () => throw new InvalidOperationException("not standalone"), TimeProvider.System);

        await eraser.EraseAsync(customer, CancellationToken.None);

        byte[] key = Encoding.UTF8.GetBytes(customer);
        int expected = rule == PartitionerKind.Crc32 ? Partitioner.Crc32(key, Partitions) : Partitioner.Murmur2(key, Partitions);
        Assert.NotEqual(Partitioner.Crc32(key, Partitions), Partitioner.Murmur2(key, Partitions));
        Assert.Equal(
            [expected], Enumerable.Range(0, Partitions).Where(partition => deployment.Log!.GetOffsets(StandaloneLog.Transactions, partition).End > 0));
    }
}
