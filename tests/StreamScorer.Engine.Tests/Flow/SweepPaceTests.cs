using System.Collections.Concurrent;

namespace StreamScorer.Engine.Tests;

/// <summary>Beside live records a sweep goes on in chunks, one a tick, whatever the number of customers.</summary>
public sealed class SweepPaceTests
{
    private const int Customers = 100, CustomersPerChunk = 8;
    private const int Chunks = (Customers + CustomersPerChunk - 1) / CustomersPerChunk;

    [Fact]
    public async Task Live_records_do_not_wait_for_the_end_of_a_sweep()
    {
        var sweptAt = new ConcurrentQueue<long>();
        var swept = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int sweptBeforeLate = 0;
        EngineRun? run = null;
        run = new EngineRun(options: new EngineOptions { RecalibrationIntervalMs = 60_000, BatchSizeMax = CustomersPerChunk })
        {
            Reached = step =>
            {
                if (step != EngineStep.Swept)
                    return;
                sweptAt.Enqueue(run!.Engine!.LastTickUnixMs);
                if (sweptAt.Count == 2)
                    run.Purchase("c1", "late", "2026-11-01T00:00:00Z", 20);
                if (sweptAt.Count == Chunks)
                    swept.TrySetResult();
            },
            OnReport = report => sweptBeforeLate = sweptBeforeLate == 0 && report.Meta.Counters.Consumed > Customers ? sweptAt.Count : sweptBeforeLate,
        };
        for (int i = 0; i < Customers; i++)
            run.Purchase($"c{i}", $"e{i}", "2026-10-31T23:58:30Z", 10 + i);
        await run.UntilAsync(swept.Task);

        Assert.InRange(sweptBeforeLate, 2, Chunks - 1);
        Assert.True(sweptAt.Distinct().Count() > Chunks / 2, $"{sweptAt.Count} chunks in {sweptAt.Distinct().Count()} ticks");
    }

    [Fact]
    public async Task A_chunk_goes_in_slices_so_that_records_have_their_turn_between_them()
    {
        const int slice = 128, customers = 300, slicesOfBothPhases = 2 * ((customers + slice - 1) / slice);
        int swept = 0;
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var run = new EngineRun(options: new EngineOptions { RecalibrationIntervalMs = 60_000, BatchSizeMax = customers })
        {
            Reached = step =>
            {
                if (step == EngineStep.Swept && Interlocked.Increment(ref swept) == slicesOfBothPhases)
                    done.TrySetResult();
            },
        };
        for (int i = 0; i < customers; i++)
            run.Purchase($"c{i}", $"e{i}", "2026-10-31T23:59:30Z", 10 + i);
        await run.UntilAsync(done.Task);

        Assert.Equal(slicesOfBothPhases, swept);
    }
}
