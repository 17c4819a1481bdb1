using System.Diagnostics;
using StreamScorer.LoadTest.Load;
using StreamScorer.Redis;

namespace StreamScorer.LoadTest.Subjects;

/// <summary>
/// A subject that commits its offsets to Redis as the worker does: the worker itself, and the same pipe with scoring left out. What is stored there is its progress.
/// </summary>
internal sealed class StoringSubject : Subject
{
    private readonly RedisStateStore store;
    private readonly int partitions;

    private StoringSubject(string name, ProcessStartInfo start, RedisStateStore store, int partitions)
        : base(name, start) => (this.store, this.partitions) = (store, partitions);

    /// <summary>The worker, as its users run it.</summary>
    public static async Task<StoringSubject> WorkerAsync(LoadServers servers, string prefix, params string[] settings)
    {
        string[] flags =
        [
            "run", "--until-input-closes", "--source", "kafka", "--store", "redis", "--bootstrap", servers.Bootstrap, "--redis", servers.RedisEndpoint,
            "--group", prefix, "--urls", "none", "--log-level", "information", "--set", $"Redis:Prefix={prefix}",
            "--set", $"Publish:Schemes={SeededCustomers.PublishedSchemes}",
            .. settings.SelectMany(setting => new[] { "--set", setting }),
        ];
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "streamscorer"), flags);
        return new StoringSubject("worker", start, await servers.OpenStoreAsync(prefix), servers.Partitions);
    }

    /// <summary>The pipe: this program in another role.</summary>
    public static async Task<StoringSubject> PipeAsync(LoadServers servers, string prefix) =>
        new("pipe", RoleProcess.StartInfo("pipe", servers.Bootstrap, servers.RedisEndpoint, prefix), await servers.OpenStoreAsync(prefix, LoadServers.PipeTopic), servers.Partitions);

    /// <inheritdoc/>
    public override async Task<long> ProgressAsync()
    {
        long done = 0;
        for (int partition = 0; partition < partitions; partition++)
            done += Math.Max(0, (await store.ReadMetaAsync(partition, CancellationToken.None))?.Offset ?? 0);
        return done;
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await store.DisposeAsync();
    }
}
