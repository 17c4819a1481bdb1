namespace StreamScorer.Worker.Configuration;

/// <summary>Checks between keys: each value is allowed on its own, but not beside the other.</summary>
public static class OptionsRelations
{
    /// <summary>One line for each relation that does not hold.</summary>
    public static IEnumerable<string> Broken(StreamScorerOptions options)
    {
        if (options.Source == SourceKind.Kafka && options.Kafka.BootstrapServers.Length == 0)
            yield return "Kafka:BootstrapServers is missing: Source = kafka needs --bootstrap HOST:PORT";
        if (options.Store == StoreKind.Redis && options.Redis.Endpoints.Length == 0)
            yield return "Redis:Endpoints is missing: Store = redis needs --redis HOST:PORT";
        // Else the store and the log are two files with one owner each, and a copy of one of them makes a state that nothing can explain.
        if ((options.Source == SourceKind.Kafka) != (options.Store == StoreKind.Redis))
            yield return $"Source = {Name(options.Source)} with Store = {Name(options.Store)}: allowed is kafka with redis, or standalone with standalone";
        // Else the group gives the partition away while its former owner still drains, and every hand-over ends as a loss.
        if (options.Engine.RevokeDrainMax >= options.Kafka.GroupTimeout)
            yield return $"Engine:RevokeDrainMax = {options.Engine.RevokeDrainMax}: allowed is less than Kafka:GroupTimeout = {options.Kafka.GroupTimeout}";
    }

    private static string Name(Enum value) => value.ToString().ToLowerInvariant();
}
