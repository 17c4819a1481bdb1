using BenchmarkDotNet.Running;
using StreamScorer.Benchmarks;

BenchmarkSwitcher.FromAssembly(typeof(HotPathBenchmarks).Assembly).Run(args);
