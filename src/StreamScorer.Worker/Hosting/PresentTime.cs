using StreamScorer.Engine.Commit;
using StreamScorer.Worker.Configuration;

namespace StreamScorer.Worker.Hosting;

/// <summary>
/// The present that scoring goes by: the wall clock, or, while the demo runs, the calendar of its invented customers, which a real event must not overtake.
/// </summary>
internal sealed class PresentTime(IStateStore store, StreamScorerOptions options, TimeProvider time)
{
    private readonly bool runsDemo = ClientOptions.RunsDemo(options);

    /// <summary>What it is, for people.</summary>
    public string Description => runsDemo ? "the demo's calendar; with --set Demo:Enabled=false the present counts" : "the wall clock";

    /// <summary>The present of a partition, unix milliseconds.</summary>
    public async ValueTask<long> UnixMsAsync(int partition, CancellationToken cancellation) => runsDemo
        ? (await store.ReadMetaAsync(partition, cancellation))?.ClockMs ?? 0
        : time.GetUtcNow().ToUnixTimeMilliseconds();
}
