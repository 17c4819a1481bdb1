using StreamScorer.Worker.Configuration;

namespace StreamScorer.Worker.Hosting;

internal static class WorkerHost
{
    public static Task<int> RunAsync(StreamScorerOptions options, CancellationToken cancellation) => Task.FromResult(1);
}
