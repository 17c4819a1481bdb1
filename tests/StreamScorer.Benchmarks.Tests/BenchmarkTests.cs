using System.Text.Json;

namespace StreamScorer.Benchmarks.Tests;

/// <summary>Every benchmark does its work, and allocates what its baseline says: nothing on the hot path.</summary>
public sealed class BenchmarkTests
{
    private const int Customers = 64;
    private const int WarmUps = 30;
    private const int Rounds = 10;

    public static TheoryData<string, long> Answers => new()
    {
        { "HotPathBenchmarks.ParseJson", Enumerable.Range(0, Customers).Sum(Sample.AmountOf) },
        { "HotPathBenchmarks.Decode", Enumerable.Range(0, Customers).Sum(Sample.AmountOf) },
        { "HotPathBenchmarks.Apply", Customers },
        { "HotPathBenchmarks.Score", Customers },
        // Below the policy's least population nobody is ranked.
        { "HotPathBenchmarks.AssessAllSchemes", 0 },
        { "HotPathBenchmarks.FindDeadline", Customers },
        { "HotPathBenchmarks.Codec", Customers },
        { "HotPathBenchmarks.TimerWheel", Customers },
        { "HotPathBenchmarks.Sketch", Customers },
        { "FoldBenchmarks.Fold", Customers },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public void A_benchmark_does_its_work(string name, long answer)
    {
        Func<long> benchmark = Benchmark(name);

        Assert.Equal(answer, benchmark());
        Assert.Equal(answer, benchmark());
    }

    [Fact]
    public void No_benchmark_allocates_more_than_its_baseline()
    {
        Dictionary<string, long> baseline =
            JsonSerializer.Deserialize<Dictionary<string, long>>(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "allocated.json")))!;

        Assert.Equal(Answers.Select(row => (string)row[0]).Order(), baseline.Keys.Order());
        Assert.All(baseline, pair => Assert.InRange(AllocatedPerEvent(Benchmark(pair.Key)), 0, pair.Value));
    }

    // The least of several rounds: the runtime's own bookkeeping on this thread counts too, but not every time.
    private static long AllocatedPerEvent(Func<long> benchmark)
    {
        for (int i = 0; i < WarmUps; i++)
            benchmark();
        long least = long.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            benchmark();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least / Customers;
    }

    private static Func<long> Benchmark(string name)
    {
        if (name.StartsWith(nameof(FoldBenchmarks), StringComparison.Ordinal))
        {
            var fold = new FoldBenchmarks { Customers = Customers };
            fold.Setup();
            return fold.Fold;
        }
        var hot = new HotPathBenchmarks { Customers = Customers };
        hot.Setup();
        return name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..] switch
        {
            nameof(hot.ParseJson) => hot.ParseJson,
            nameof(hot.Decode) => hot.Decode,
            nameof(hot.Apply) => () => hot.Apply(),
            nameof(hot.Score) => () => hot.Score(),
            nameof(hot.AssessAllSchemes) => () => hot.AssessAllSchemes(),
            nameof(hot.FindDeadline) => () => hot.FindDeadline(),
            nameof(hot.Codec) => () => hot.Codec(),
            nameof(hot.TimerWheel) => () => hot.TimerWheel(),
            nameof(hot.Sketch) => hot.Sketch,
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no such benchmark"),
        };
    }
}
