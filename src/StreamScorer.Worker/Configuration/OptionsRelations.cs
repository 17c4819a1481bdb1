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
        foreach (string error in Broken(options.Security.Jwt))
            yield return error;
    }

    /// <summary>What is half configured must not pass for protected, nor accept tokens that were made for somebody else.</summary>
    private static IEnumerable<string> Broken(JwtSettings jwt)
    {
        if (jwt.Authority.Length > 0 && jwt.KeySetFile.Length > 0)
            yield return "Security:Jwt:Authority and Security:Jwt:KeySetFile are both set: allowed is one of them";
        if (jwt.IsUsed && jwt.Audience.Length == 0)
            yield return "Security:Jwt:Audience is missing: tokens that are made for another service must not open this one";
        if (jwt.KeySetFile.Length > 0 && jwt.Issuer.Length == 0)
            yield return "Security:Jwt:Issuer is missing: Security:Jwt:KeySetFile needs it";
        if (jwt.KeySetFile.Length == 0 && jwt.Issuer.Length > 0)
            yield return $"Security:Jwt:Issuer = {jwt.Issuer}: allowed only with Security:Jwt:KeySetFile; a provider's metadata says its issuer";
        if (!jwt.IsUsed && jwt.Audience.Length > 0)
            yield return "Security:Jwt:Audience is set, and no token would be accepted: set Security:Jwt:Authority or Security:Jwt:KeySetFile too";
    }

    private static string Name(Enum value) => value.ToString().ToLowerInvariant();
}
