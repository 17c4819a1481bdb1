using StreamScorer.Worker.Configuration;

namespace StreamScorer.Worker.Replay;

internal static class ReplayRunner
{
    public static Task<int> RunAsync(StreamScorerOptions options, ReplayRequest request, TextWriter output, CancellationToken cancellation) => Task.FromResult(1);
}
