using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using StreamScorer.Kafka.Native;

namespace StreamScorer.Kafka.Source;

/// <summary>
/// Wakes the consumer thread when a native queue stops being empty, when a partition is to be started, or when it is to stop; so that an idle source
/// neither polls nor delays.
/// </summary>
internal sealed class WakeSignal : IDisposable
{
    private readonly AutoResetEvent signal = new(initialState: false);
    private readonly GCHandle self;

    public WakeSignal() => self = GCHandle.Alloc(signal);

    /// <summary>Wakes it from any thread; remembered when nobody waits.</summary>
    public void Set() => signal.Set();

    /// <summary>Waits for <see cref="Set"/>, at most <paramref name="timeoutMs"/>.</summary>
    public void Wait(int timeoutMs) => signal.WaitOne(timeoutMs);

    /// <summary>Wakes it whenever <paramref name="queue"/> stops being empty.</summary>
    public unsafe void Watch(nint queue) => Librdkafka.QueueCallbackEventEnable(queue, &OnQueueFilled, GCHandle.ToIntPtr(self));

    /// <summary>Ends <see cref="Watch"/>; needed for every watched queue before <see cref="Dispose"/>, else the library calls into freed memory.</summary>
    public static unsafe void Unwatch(nint queue) => Librdkafka.QueueCallbackEventEnable(queue, null, 0);

    /// <summary>Ends the watching. The event itself is left to the collector: a processor that does not know yet may still set it.</summary>
    public void Dispose() => self.Free();

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnQueueFilled(nint client, nint state) => ((AutoResetEvent)GCHandle.FromIntPtr(state).Target!).Set();
}
