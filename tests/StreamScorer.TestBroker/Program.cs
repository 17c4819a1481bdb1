using StreamScorer.TestBroker;

if (args is ["--help" or "-h", ..])
{
    Console.WriteLine(BrokerArguments.Usage + FaultCommands.Help);
    return 0;
}

try
{
    BrokerArguments arguments = BrokerArguments.Parse(args);
    using var cluster = new MockCluster(arguments.Brokers);
    foreach ((string topic, int partitions) in arguments.Topics)
        cluster.CreateTopic(topic, partitions);
    Console.WriteLine($"BOOTSTRAP {cluster.Bootstrap}");
    while (Console.In.ReadLine() is { } line)
        Console.WriteLine(FaultCommands.Run(cluster, line));
    return 0;
}
catch (Exception e) when (e is FormatException or InvalidOperationException or DllNotFoundException)
{
    Console.Error.WriteLine($"error: {e.Message}");
    return 2;
}
