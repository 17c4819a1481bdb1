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
        // Else password and state would go over the network in clear where the operator takes them for encrypted.
        if (options.Redis is { CaFile.Length: > 0, Ssl: false })
            yield return $"Redis:CaFile = {options.Redis.CaFile}: allowed only with Redis:Ssl = true";
        // Else the store and the log are two files with one owner each, and a copy of one of them makes a state that nothing can explain.
        if ((options.Source == SourceKind.Kafka) != (options.Store == StoreKind.Redis))
            yield return $"Source = {Name(options.Source)} with Store = {Name(options.Store)}: allowed is kafka with redis, or standalone with standalone";
        // Else the group gives the partition away while its former owner still drains, and every hand-over ends as a loss.
        if (options.Engine.RevokeDrainMax >= options.Kafka.GroupTimeout)
            yield return $"Engine:RevokeDrainMax = {options.Engine.RevokeDrainMax}: allowed is less than Kafka:GroupTimeout = {options.Kafka.GroupTimeout}";
        foreach (string error in BrokenSizes(options).Concat(options.Source == SourceKind.Kafka ? BrokenClient(options) : []).Concat(BrokenTokens(options.Security.Jwt)))
            yield return error;
    }

    private static IEnumerable<string> BrokenSizes(StreamScorerOptions options)
    {
        // Else an outbox that one commit has filled would have to be empty before the next: publishing and scoring would take turns.
        if (options.Engine.CommitBytesMax > options.Engine.OutboxBytesMax / 2)
            yield return $"Engine:CommitBytesMax = {options.Engine.CommitBytesMax}: allowed is up to half of Engine:OutboxBytesMax = {options.Engine.OutboxBytesMax}";
        // Else a single record could exceed what a commit may carry.
        if (options.DeadLetter.ValueBytesMax > options.Engine.CommitBytesMax)
            yield return $"DeadLetter:ValueBytesMax = {options.DeadLetter.ValueBytesMax}: allowed is up to Engine:CommitBytesMax = {options.Engine.CommitBytesMax}";
        // Else no request of the allowed size could ever be taken.
        if (options.Http.BodyBytesMax > options.Http.PendingBytesMax)
            yield return $"Http:BodyBytesMax = {options.Http.BodyBytesMax}: allowed is up to Http:PendingBytesMax = {options.Http.PendingBytesMax}";
        // Else a delivery would be parked before it was tried a second time.
        if (options.Webhooks.RetryPause > options.Webhooks.RetryMax)
            yield return $"Webhooks:RetryPause = {options.Webhooks.RetryPause}: allowed is up to Webhooks:RetryMax = {options.Webhooks.RetryMax}";
    }

    // What is said to the client library itself has its own limits; those that meet ours are compared here, with the library's defaults.
    private static IEnumerable<string> BrokenClient(StreamScorerOptions options)
    {
        const int MessageBytesMax = 1_000_000, HeadersAndKeyBytes = 65_536, PollIntervalMaxMs = 300_000;
        // Else the broker refuses what the engine took for small enough, and the outbox waits for ever.
        long messageMax = Client(options, "message.max.bytes", MessageBytesMax);
        if (options.DeadLetter.ValueBytesMax > messageMax - HeadersAndKeyBytes)
        {
            yield return $"DeadLetter:ValueBytesMax = {options.DeadLetter.ValueBytesMax}: allowed is up to Kafka:Client:message.max.bytes = {messageMax} "
                + $"less {HeadersAndKeyBytes} for key and headers";
        }
        // Else the client leaves the group by itself before the group would give up on it.
        long pollMax = Client(options, "max.poll.interval.ms", PollIntervalMaxMs);
        if (options.Kafka.GroupTimeout.TotalMilliseconds > pollMax)
            yield return $"Kafka:GroupTimeout = {options.Kafka.GroupTimeout}: allowed is up to Kafka:Client:max.poll.interval.ms = {pollMax}";
    }

    private static long Client(StreamScorerOptions options, string property, long byDefault) =>
        options.Kafka.Client.FirstOrDefault(pair => pair.Key.Equals(property, StringComparison.OrdinalIgnoreCase)).Value is { } text
        && long.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out long value)
            ? value
            : byDefault;

    // What is half configured must not pass for protected, nor accept tokens that were made for somebody else.
    private static IEnumerable<string> BrokenTokens(JwtSettings jwt)
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
