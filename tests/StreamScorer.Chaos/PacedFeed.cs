using StreamScorer.Worker.Replay;

namespace StreamScorer.Chaos;

/// <summary>
/// A feed that lasts as long as there are workers to kill: the share of the file that it lets through follows the share of workers killed, a little at a
/// time, so that every worker meets a backlog when it takes over and records in flight when it dies.
/// </summary>
internal sealed class PacedFeed(IReplayFeed feed, long expectedRecords, int kills, TimeSpan perKill) : IReplayFeed
{
    private static readonly TimeSpan step = TimeSpan.FromMilliseconds(20);

    private readonly long recordsPerStep = Math.Max(1, (long)(expectedRecords * step / (perKill * kills)));
    private readonly PeriodicTimer timer = new(step);
    private long appended;
    private long passed;
    private int killed;
    private volatile bool unpaced;

    /// <summary>So many workers have been killed.</summary>
    public void Killed(int count) => Volatile.Write(ref killed, count);

    /// <summary>Nobody is left to be killed: the rest may pass at once.</summary>
    public void LetPass() => unpaced = true;

    /// <inheritdoc/>
    public async ValueTask AppendAsync(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, long timeUnixMs, CancellationToken cancellation)
    {
        while (appended >= passed && !unpaced)
        {
            await timer.WaitForNextTickAsync(cancellation);
            long allowed = expectedRecords * (Volatile.Read(ref killed) + 1) / (kills + 1);
            passed = Math.Min(passed + recordsPerStep, allowed);
        }
        appended++;
        await feed.AppendAsync(key, value, timeUnixMs, cancellation);
    }

    /// <inheritdoc/>
    public ValueTask AppendClockAsync(byte[] value, long timeUnixMs, CancellationToken cancellation) => feed.AppendClockAsync(value, timeUnixMs, cancellation);

    /// <inheritdoc/>
    public ValueTask FlushAsync(CancellationToken cancellation) => feed.FlushAsync(cancellation);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        timer.Dispose();
        return feed.DisposeAsync();
    }
}
