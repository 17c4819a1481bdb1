using System.Threading.Channels;

namespace StreamScorer.Engine.Processing;

/// <summary>Wakes one waiting loop. Setting it twice before the loop looks wakes it once.</summary>
internal sealed class WorkSignal
{
    private readonly Channel<bool> channel =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    public void Set() => channel.Writer.TryWrite(true);

    public async Task<bool> WaitAsync() => await channel.Reader.WaitToReadAsync();

    public void Reset() => channel.Reader.TryRead(out _);
}
