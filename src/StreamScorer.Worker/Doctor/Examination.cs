using Microsoft.Extensions.Logging.Abstractions;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Diagnosis;
using StreamScorer.Engine.Source;
using StreamScorer.Kafka;
using StreamScorer.Redis;
using StreamScorer.Scoring.Policy;
using StreamScorer.Standalone.Database;
using StreamScorer.Worker.Configuration;
using StreamScorer.Worker.Hosting;

namespace StreamScorer.Worker.Doctor;

/// <summary>Looks at everything that a worker with these options would need. Changes nothing, and runs beside working workers.</summary>
internal static class Examination
{
    private const long FreeBytesMin = 1L << 30;

    // Somebody waits for the answer; a broker that needs longer is worth a finding.
    private const int ConnectTimeoutMs = 3_000;

    /// <summary>Everything seen, good and bad, in the order in which it is worth repairing.</summary>
    /// <param name="load">Reads the options; what is wrong with them is a finding.</param>
    public static async Task<IReadOnlyList<Finding>> RunAsync(Func<StreamScorerOptions> load, TimeProvider time, CancellationToken cancellation)
    {
        StreamScorerOptions options;
        try
        {
            options = load();
        }
        catch (OptionsException e)
        {
            return [.. e.Errors.Select(error => Finding.Error("configuration", error, "Fix: correct this key; config/CONFIGURATION.md lists all keys."))];
        }
        var findings = new List<Finding> { Finding.Ok("configuration", "every key is known and allowed"), Policy(options), await AccessExamination.RunAsync(options, cancellation) };
        if (options.Source == SourceKind.Kafka)
            await DistributedAsync(options, time, findings, cancellation);
        else
            Standalone(options, findings);
        return findings;
    }

    private static Finding Policy(StreamScorerOptions options)
    {
        try
        {
            ScoringRules rules = PolicyLoader.Load(options.PolicyFile);
            return Finding.Ok("policy", $"version {rules.Policy.Version}");
        }
        catch (OptionsException e)
        {
            return Finding.Error("policy", string.Join(' ', e.Errors), "Fix: correct the policy; config/schemas/scoring-policy.schema.json says what is allowed.");
        }
    }

    private static async Task DistributedAsync(StreamScorerOptions options, TimeProvider time, List<Finding> findings, CancellationToken cancellation)
    {
        KafkaSight kafka = await KafkaInspection.RunAsync(ClientOptions.Kafka(options) with { ConnectTimeoutMs = ConnectTimeoutMs }, NullLogger.Instance, cancellation);
        findings.AddRange(kafka.Findings);
        IReadOnlyList<Finding> redis = await RedisInspection.RunAsync(
            ClientOptions.Redis(options) with { ConnectTimeout = TimeSpan.FromMilliseconds(ConnectTimeoutMs) }, time, cancellation);
        findings.AddRange(redis);
        if (kafka.Offsets.Count > 0 && !redis.Any(finding => finding.Severity == Severity.Error))
            await ProgressAsync(options, kafka, time, findings, cancellation);
    }

    private static async Task ProgressAsync(
        StreamScorerOptions options, KafkaSight kafka, TimeProvider time, List<Finding> findings, CancellationToken cancellation)
    {
        string topic = options.Kafka.TransactionsTopic;
        int before = findings.Count;
        try
        {
            await using RedisStateStore store = await RedisStateStore.OpenAsync(ClientOptions.Redis(options), topic, cancellation, time);
            for (int partition = 0; partition < kafka.Offsets.Count; partition++)
            {
                PartitionMeta? meta = await store.ReadMetaAsync(partition, cancellation);
                long now = time.GetUtcNow().ToUnixTimeMilliseconds();
                if (ProgressCheck.Judge(topic, partition, meta, kafka.Offsets[partition], kafka.Retention, now) is { } finding)
                    findings.Add(finding);
            }
        }
        catch (StateStoreException e)
        {
            findings.Add(Finding.Error("state", e.Message, "Fix: restore the state from a backup."));
        }
        if (findings.Count == before)
            findings.Add(Finding.Ok("state", "it goes on within what the input holds"));
    }

    private static void Standalone(StreamScorerOptions options, List<Finding> findings)
    {
        Finding directory = DirectoryPermission(options.DataDirectory);
        findings.Add(directory);
        if (directory.Severity == Severity.Error)
            return;
        var drive = new DriveInfo(Path.GetFullPath(options.DataDirectory));
        findings.Add(drive.AvailableFreeSpace >= FreeBytesMin
            ? Finding.Ok("disk", $"{drive.AvailableFreeSpace >> 20} MiB free")
            : Finding.Warning("disk", $"Only {drive.AvailableFreeSpace >> 20} MiB are free under {options.DataDirectory}.", "Fix: free space; a full disk stops the worker."));
        string path = Path.Combine(options.DataDirectory, Deployment.FileName);
        findings.Add(File.Exists(path) ? StandaloneFile(path, options) : Finding.Ok(path, "it will be created by the first run"));
    }

    private static Finding DirectoryPermission(string directory)
    {
        try
        {
            Directory.CreateDirectory(directory);
            string probe = Path.Combine(directory, $".doctor-{Guid.NewGuid():n}");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
            return Finding.Ok(directory, "it can be written");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Finding.Error(
                directory, $"The data directory cannot be written by user {Environment.UserName}: {e.Message}",
                "Fix: change its owner, or choose another one with --data or DataDirectory.");
        }
    }

    private static Finding StandaloneFile(string path, StreamScorerOptions options)
    {
        try
        {
            int partitions = StandaloneDatabase.OpenReadOnly(path).PartitionCount;
            return partitions == options.Standalone.Partitions
                ? Finding.Ok(path, $"it has {partitions} partitions")
                : Finding.Error(
                    path, $"It has {partitions} partitions, {options.Standalone.Partitions} are configured.",
                    $"Fix: set Standalone:Partitions to {partitions}, or change the file with streamscorer repartition.");
        }
        catch (StateStoreException e)
        {
            return Finding.Error(path, e.Message, "Fix: restore the file from a backup, or choose another data directory.");
        }
    }
}
