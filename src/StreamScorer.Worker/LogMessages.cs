using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Source;

namespace StreamScorer.Worker;

/// <summary>Every log message of the worker.</summary>
internal static partial class LogMessages
{
    [LoggerMessage(1, LogLevel.Information, "StreamScorer {Version}: source {Source}, store {Store}, {Partitions} partitions, policy version {Policy}")]
    public static partial void Starting(this ILogger logger, string version, string source, string store, int partitions, long policy);

    [LoggerMessage(2, LogLevel.Information, "Web surface on {Url}")]
    public static partial void WebSurfaceOpen(this ILogger logger, string url);

    [LoggerMessage(6, LogLevel.Information, "Operations board: {Board}  Agent screen: {Agent}")]
    public static partial void PagesOpen(this ILogger logger, string board, string agent);

    [LoggerMessage(3, LogLevel.Information, "Stopped in good order")]
    public static partial void Stopped(this ILogger logger);

    [LoggerMessage(4, LogLevel.Warning, "Configuration read again; log level is {Level}")]
    public static partial void ConfigurationReloaded(this ILogger logger, LogLevel level);

    [LoggerMessage(5, LogLevel.Warning, "The configuration cannot be used, what is in force stays: {Errors}")]
    public static partial void ConfigurationNotReloaded(this ILogger logger, string errors);

    [LoggerMessage(7, LogLevel.Warning, "Policy {Version} is in force from the next batch of every partition on; all customers are re-scored")]
    public static partial void PolicyActivated(this ILogger logger, long version);

    [LoggerMessage(10, LogLevel.Information, "Partition {Partition} taken over with {Customers} customers, from offset {Offset}")]
    public static partial void PartitionTakenOver(this ILogger logger, int partition, int customers, long offset);

    [LoggerMessage(11, LogLevel.Warning, "Partition {Partition} could not be taken over, it is tried again: {Error}")]
    public static partial void TakeoverFailed(this ILogger logger, int partition, string error);

    [LoggerMessage(12, LogLevel.Warning, "Partition {Partition}: commit not applied ({Outcome}); memory is discarded and the partition taken over again")]
    public static partial void CommitNotApplied(this ILogger logger, int partition, CommitOutcome outcome);

    [LoggerMessage(13, LogLevel.Warning, "The population of other workers could not be read, the last known one stays in use: {Error}")]
    public static partial void PopulationStale(this ILogger logger, string error);

    [LoggerMessage(14, LogLevel.Information, "Partition {Partition} released")]
    public static partial void PartitionReleased(this ILogger logger, int partition);

    [LoggerMessage(15, LogLevel.Warning, "Partition {Partition} interrupted, it is taken over again: {Error}")]
    public static partial void PartitionInterrupted(this ILogger logger, int partition, string error);

    [LoggerMessage(16, LogLevel.Warning, "Partition {Partition}: the gap is accepted, it goes on at offset {To} instead of {From}")]
    public static partial void GapAccepted(this ILogger logger, int partition, long from, long to);

    [LoggerMessage(17, LogLevel.Information, "Producers place customers by {Partitioner}; records elsewhere are rejected from now on")]
    public static partial void PartitionerLearned(this ILogger logger, PartitionerKind partitioner);

    [LoggerMessage(18, LogLevel.Error, "Partition {Partition} pauses: too many of its records cannot be used. See streamscorer dead-letters list")]
    public static partial void DeadLettersPaused(this ILogger logger, int partition);

    [LoggerMessage(20, LogLevel.Information, "Demo: {Customers} customers, {Skipped} events already in the log, calendar at {Calendar:yyyy-MM-dd}")]
    public static partial void DemoStarted(this ILogger logger, int customers, long skipped, DateTime calendar);

    [LoggerMessage(21, LogLevel.Error, "The demo stream ended")]
    public static partial void DemoFailed(this ILogger logger, Exception exception);

    [LoggerMessage(25, LogLevel.Information, "Audit: {Actor} {Method} {Route} answered {Status}")]
    public static partial void Audited(this ILogger logger, string actor, string method, string route, int status);

    [LoggerMessage(26, LogLevel.Warning, "Webhook {Endpoint} failed: {Reason}")]
    public static partial void WebhookFailed(this ILogger logger, string endpoint, string reason);

    [LoggerMessage(27, LogLevel.Error, "Webhook {Endpoint}: a transition is parked, the endpoint has failed for too long: {Reason}")]
    public static partial void WebhookParked(this ILogger logger, string endpoint, string reason);

    [LoggerMessage(30, LogLevel.Warning, "Replay worker {Number} ended with exit code {ExitCode}, it is started again")]
    public static partial void ReplayWorkerRestarted(this ILogger logger, int number, int exitCode);
}
