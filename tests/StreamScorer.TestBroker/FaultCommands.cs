namespace StreamScorer.TestBroker;

/// <summary>The commands on standard input, one per line.</summary>
internal static class FaultCommands
{
    /// <summary>What can be written.</summary>
    public const string Help = """
        down N                           broker N (from 1, or 'all') drops its connections and refuses new ones
        up N                             broker N, or 'all', accepts connections again
        rtt N MS                         broker N, or 'all', answers MS milliseconds later
        error APIKEY CODE [COUNT]        the next COUNT (default 1) requests with that Kafka API key fail with that error code
        leader TOPIC PARTITION BROKER    moves a partition's leadership
        coordinator KIND KEY BROKER      moves the coordinator of a 'group' or 'transaction'
        help                             this text
        """;

    /// <summary>Runs one line; the answer ends with <c>ok</c>, or is <c>error:</c> with what is wrong.</summary>
    public static string Run(MockCluster cluster, string line)
    {
        try
        {
            return line.Split(' ', StringSplitOptions.RemoveEmptyEntries) switch
            {
                ["help"] => Help + Environment.NewLine + "ok",
                ["down", var broker] => ForEach(cluster, broker, cluster.SetDown),
                ["up", var broker] => ForEach(cluster, broker, cluster.SetUp),
                ["rtt", var broker, var ms] => ForEach(cluster, broker, id => cluster.SetRoundTrip(id, Number("MS", ms, 0, 600_000))),
                ["error", var api, var code] => PushErrors(cluster, api, code, "1"),
                ["error", var api, var code, var count] => PushErrors(cluster, api, code, count),
                ["leader", var topic, var partition, var broker] => Done(() => cluster.SetLeader(
                    topic, Number("PARTITION", partition, 0, int.MaxValue), Number("BROKER", broker, 1, cluster.BrokerCount))),
                ["coordinator", ("group" or "transaction") and var kind, var key, var broker] => Done(() => cluster.SetCoordinator(
                    kind, key, Number("BROKER", broker, 1, cluster.BrokerCount))),
                _ => $"error: '{line}' is no command; 'help' lists them",
            };
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException)
        {
            return $"error: {e.Message}";
        }
    }

    private static string PushErrors(MockCluster cluster, string api, string code, string count) => Done(() => cluster.PushErrors(
        (short)Number("APIKEY", api, 0, short.MaxValue), Number("CODE", code, short.MinValue, short.MaxValue), Number("COUNT", count, 1, 100_000)));

    private static string ForEach(MockCluster cluster, string broker, Action<int> action)
    {
        if (broker != "all")
            return Done(() => action(Number("N", broker, 1, cluster.BrokerCount)));
        for (int id = 1; id <= cluster.BrokerCount; id++)
            action(id);
        return "ok";
    }

    private static string Done(Action action)
    {
        action();
        return "ok";
    }

    private static int Number(string name, string text, int least, int most) =>
        int.TryParse(text, out int value) && value >= least && value <= most
            ? value
            : throw new FormatException($"{name} = '{text}': must be a number from {least} to {most}");
}
