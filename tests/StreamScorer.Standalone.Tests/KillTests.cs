using System.Diagnostics;
using StreamScorer.Engine.Source;
using StreamScorer.Standalone.Database;
using StreamScorer.Standalone.Log;
using StreamScorer.Standalone.State;
using StreamScorer.Testing;
using StreamScorer.Testing.State;
using Xunit;

namespace StreamScorer.Standalone.Tests;

/// <summary>A process that is killed while it writes leaves everything it had acknowledged, and nothing by halves.</summary>
public sealed class KillTests
{
    [Theory]
    [InlineData(FileUse.Lasting, 1)]
    [InlineData(FileUse.Lasting, 7)]
    [InlineData(FileUse.Lasting, 60)]
    [InlineData(FileUse.OneRun, 60)]
    public async Task After_a_kill_the_file_holds_a_prefix_that_contains_all_that_was_acknowledged(FileUse use, int reports)
    {
        using var directory = new TempDirectory();
        string path = directory.File("scores.db");
        (long commits, long appended) = await KillAfterAsync(path, use, reports);

        await using StandaloneDatabase survivor = StandaloneDatabase.Open(path, KillVictim.PartitionCount);
        var store = new StandaloneStore(survivor);
        await using StoreOwner owner = await StoreOwner.OpenAsync(store);
        await owner.ClaimAsync();
        Assert.InRange(await VersionedContent.ReadVersionAsync(store, owner), commits, long.MaxValue);
        var log = new StandaloneLog(survivor);
        long end = log.GetOffsets(StandaloneLog.Transactions, 0).End;
        Assert.InRange(end, appended, long.MaxValue);
        Assert.Equal(0, end % KillVictim.RecordsPerBlock);
        Assert.Equal(end, log.Read(StandaloneLog.Transactions, 0, 0, int.MaxValue).Count);
    }

    /// <summary>Starts a process that commits and appends, kills it after some reports and returns the last one.</summary>
    private static async Task<(long Commits, long Appended)> KillAfterAsync(string path, FileUse use, int reports)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(KillVictim).Assembly.Location, path, $"{use}"]) { RedirectStandardOutput = true };
        using Process victim = Process.Start(start)!;
        string last = "";
        for (int i = 0; i < reports; i++)
            last = await victim.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("the process ended by itself");
        victim.Kill();
        await victim.WaitForExitAsync();
        // What it had still printed before it died counts too.
        while (await victim.StandardOutput.ReadLineAsync() is { } line && line.EndsWith('.'))
            last = line;
        string[] numbers = last.TrimEnd('.').Split(' ');
        return (long.Parse(numbers[0]), long.Parse(numbers[1]));
    }
}
