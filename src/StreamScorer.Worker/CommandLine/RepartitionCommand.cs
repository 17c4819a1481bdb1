using System.CommandLine;
using StreamScorer.Engine.Source;
using StreamScorer.Worker.Configuration;
using StreamScorer.Worker.Repair;

namespace StreamScorer.Worker.CommandLine;

/// <summary><c>streamscorer repartition</c>: the state for another number of partitions, beside the old one.</summary>
internal static class RepartitionCommand
{
    private const int PartitionsMax = 4_096;

    private static readonly Option<int> partitions = new("--partitions") { Description = "Partitions of the new state", HelpName = "N", Required = true };
    private static readonly Option<string> to = new("--to")
    {
        Description = "Where the new state goes: another Redis prefix, or another data directory",
        HelpName = "PREFIX|DIRECTORY",
        Required = true,
    };

    private static readonly Option<string?> toTopic = new("--to-topic")
    {
        Description = "Kafka: the new input topic, where the old one is not to be altered",
        HelpName = "TOPIC",
    };

    private static readonly Option<string> partitioner = new("--partitioner")
    {
        Description = "How producers choose a partition: as the Java client does, or as librdkafka does by default",
        HelpName = "murmur2|crc32",
        DefaultValueFactory = _ => "murmur2",
    };

    /// <summary>The command.</summary>
    public static Command Build(ConfigurationFlags flags)
    {
        partitioner.AcceptOnlyFromAmong("murmur2", "crc32");
        var command = new Command("repartition", "Copy the drained state of stopped workers to another number of partitions; can be run again when interrupted")
        {
            partitions, to, toTopic, partitioner,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            int count = parsed.GetValue(partitions);
            if (count is < 1 or > PartitionsMax)
                throw new OptionsException([$"--partitions {count}: allowed is a whole number from 1 to {PartitionsMax}"]);
            Func<ReadOnlyMemory<byte>, int, int> chosen = parsed.GetValue(partitioner) == "crc32"
                ? (id, among) => Partitioner.Crc32(id.Span, among)
                : (id, among) => Partitioner.Murmur2(id.Span, among);
            var request = new RepartitionRequest(count, parsed.GetValue(to)!, parsed.GetValue(toTopic), chosen);
            await RepartitionRunner.RunAsync(flags.Load(parsed), request, parsed.InvocationConfiguration.Output, cancellation);
            return ExitCode.Ok;
        });
        return command;
    }
}
