namespace StreamScorer.TestBroker;

/// <summary>The command line.</summary>
/// <param name="Topics">Topics to create, with their partition counts.</param>
/// <param name="Brokers">Number of brokers.</param>
internal sealed record BrokerArguments(IReadOnlyList<(string Topic, int Partitions)> Topics, int Brokers)
{
    /// <summary>How to call it.</summary>
    public const string Usage = """
        A Kafka broker for tests, in memory, on random ports of 127.0.0.1.

        usage: --topics NAME:PARTITIONS[,NAME:PARTITIONS...] [--brokers N]

        Prints 'BOOTSTRAP HOST:PORT[,HOST:PORT...]' as its first line and runs until standard input closes.
        Faults are commands on standard input, one per line, each answered by 'ok' or 'error: ...':

        """;

    /// <summary>Reads the command line.</summary>
    /// <exception cref="FormatException">The message names the argument, its value and what is allowed.</exception>
    public static BrokerArguments Parse(string[] args)
    {
        List<(string, int)>? topics = null;
        int brokers = 1;
        for (int i = 0; i < args.Length; i += 2)
        {
            string value = i + 1 < args.Length ? args[i + 1] : throw new FormatException($"{args[i]} needs a value; --help shows the usage");
            switch (args[i])
            {
                case "--topics":
                    topics = [.. value.Split(',').Select(ParseTopic)];
                    break;
                case "--brokers":
                    brokers = Number("--brokers", value, 16);
                    break;
                default:
                    throw new FormatException($"'{args[i]}' is not known; --help shows the usage");
            }
        }
        return new BrokerArguments(topics ?? throw new FormatException("--topics is missing; --help shows the usage"), brokers);
    }

    private static (string Topic, int Partitions) ParseTopic(string text) =>
        text.Split(':') is [{ Length: > 0 } topic, var partitions]
            ? (topic, Number($"--topics {topic}", partitions, 1_000))
            : throw new FormatException($"--topics '{text}': must be NAME:PARTITIONS");

    private static int Number(string argument, string text, int most) =>
        int.TryParse(text, out int value) && value >= 1 && value <= most
            ? value
            : throw new FormatException($"{argument} '{text}': must be a number from 1 to {most}");
}
