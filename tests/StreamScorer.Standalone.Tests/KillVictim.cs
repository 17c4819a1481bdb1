using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Source;
using StreamScorer.Standalone.Database;
using StreamScorer.Standalone.Log;
using StreamScorer.Standalone.State;
using StreamScorer.Testing.State;

namespace StreamScorer.Standalone.Tests;

/// <summary>The process that <see cref="KillTests"/> kills: it commits and appends without end, and reports what was acknowledged.</summary>
internal static class KillVictim
{
    public const int PartitionCount = 2;
    public const int RecordsPerBlock = 20;

    public static async Task Main(string[] arguments)
    {
        await using StandaloneDatabase database = StandaloneDatabase.Open(arguments[0], PartitionCount, use: Enum.Parse<FileUse>(arguments[1]));
        await using StoreOwner owner = await StoreOwner.OpenAsync(new StandaloneStore(database));
        await owner.ClaimAsync();
        var log = new StandaloneLog(database);
        var block = new LogBlock();
        for (int i = 0; i < RecordsPerBlock; i++)
            block.Add(i, "key"u8, new byte[150]);

        while (true)
        {
            Task<OffsetRange> appending = log.AppendAsync(0, block);
            if (await VersionedContent.CommitAsync(owner) != CommitOutcome.Applied)
                throw new InvalidOperationException("a commit was not applied");
            Console.WriteLine($"{owner.Meta.Fence.CommitSeq} {(await appending).End}.");
        }
    }
}
