using Microsoft.Data.Sqlite;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Publish;
using StreamScorer.Engine.Source;
using StreamScorer.Standalone.Database;
using StreamScorer.Standalone.Log;
using StreamScorer.Standalone.State;
using StreamScorer.Testing;
using StreamScorer.Testing.State;
using Xunit;

namespace StreamScorer.Standalone.Tests;

/// <summary>A file that may not grow refuses whole writes, stays sound and goes on when there is room again.</summary>
public sealed class StandaloneDiskFullTests : IDisposable
{
    private const long MaxBytes = 1 << 20;
    private readonly TempDirectory directory = new();

    private string Path => directory.File("scores.db");

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Commits_end_unknown_and_leave_the_last_one_that_was_applied()
    {
        long applied;
        await using (StandaloneDatabase full = StandaloneDatabase.Open(Path, partitionCount: 2, MaxBytes))
        {
            var store = new StandaloneStore(full);
            await using StoreOwner owner = await ClaimedAsync(store, partition: 0);
            await VersionedContent.CommitAsync(owner);
            await using StoreOwner glutton = await ClaimedAsync(store, partition: 1);
            Assert.Equal(CommitOutcome.Unknown, await FillAsync(glutton));

            while (await VersionedContent.CommitAsync(owner) == CommitOutcome.Applied)
            {
                // Records are replaced in place; only the outbox and the ring need room, until there is none.
            }
            await owner.ClaimAsync();
            applied = await VersionedContent.ReadVersionAsync(store, owner);
            Assert.Equal("ok", Scalar("PRAGMA integrity_check"));
        }

        await using StandaloneDatabase roomy = StandaloneDatabase.Open(Path, partitionCount: 2);
        await using StoreOwner successor = await ClaimedAsync(new StandaloneStore(roomy), partition: 0);
        Assert.Equal(applied, await VersionedContent.ReadVersionAsync(new StandaloneStore(roomy), successor));
        Assert.Equal(CommitOutcome.Applied, await VersionedContent.CommitAsync(successor));
    }

    [Fact]
    public async Task The_limit_is_in_bytes_also_for_a_file_whose_pages_are_larger_than_those_of_a_new_one()
    {
        await StandaloneDatabase.Open(Path, partitionCount: 2, use: FileUse.OneRun).DisposeAsync();
        await using (StandaloneDatabase full = StandaloneDatabase.Open(Path, partitionCount: 2, MaxBytes))
        {
            await using StoreOwner glutton = await ClaimedAsync(new StandaloneStore(full), partition: 1);
            await FillAsync(glutton);
        }

        Assert.InRange(new FileInfo(Path).Length, MaxBytes / 2, MaxBytes);
    }

    [Fact]
    public async Task Appends_fail_and_nothing_of_them_is_in_the_log()
    {
        await using StandaloneDatabase full = StandaloneDatabase.Open(Path, partitionCount: 2, MaxBytes);
        var log = new StandaloneLog(full);
        long end = 0;
        SqliteException failure = await Assert.ThrowsAsync<SqliteException>(async () =>
        {
            while (true)
                end = (await log.AppendAsync(0, Block(100))).End;
        });

        Assert.Equal(SQLitePCL.raw.SQLITE_FULL, failure.SqliteErrorCode);
        Assert.Equal(new OffsetRange(0, end), log.GetOffsets(StandaloneLog.Transactions, 0));
        Assert.Equal(end, log.Read(StandaloneLog.Transactions, 0, 0, int.MaxValue).Count);
    }

    [Fact]
    public async Task Publishing_waits_for_room_until_it_is_cancelled_and_publishes_nothing_by_halves()
    {
        await using StandaloneDatabase full = StandaloneDatabase.Open(Path, partitionCount: 2, MaxBytes);
        var log = new StandaloneLog(full);
        var time = new ManualTimeProvider();
        var sink = new StandaloneTransitionSink(log, time);
        OutboxEntry[] tooMuch =
        [
            new(1, OutboxKind.DeadLetter, "d", null, [1], []),
            new(2, OutboxKind.Transition, "t", [1], new byte[2 * MaxBytes], []),
        ];
        using var cancellation = new CancellationTokenSource();

        Task<long> publishing = sink.PublishAsync(0, tooMuch, cancellation.Token).AsTask();
        await time.TimerStarted;
        Assert.False(publishing.IsCompleted);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => publishing);
        Assert.Equal(0, log.GetOffsets(StandaloneLog.DeadLetters, 0).End);
        Assert.Equal(0, log.GetOffsets(StandaloneLog.Transitions, 0).End);
    }

    private static LogBlock Block(int records)
    {
        var block = new LogBlock();
        for (int i = 0; i < records; i++)
            block.Add(i, "key"u8, new byte[150]);
        return block;
    }

    private static async Task<StoreOwner> ClaimedAsync(StandaloneStore store, int partition)
    {
        StoreOwner owner = await StoreOwner.OpenAsync(store, partition);
        await owner.ClaimAsync();
        return owner;
    }

    private static async Task<CommitOutcome> FillAsync(StoreOwner owner)
    {
        CommitOutcome outcome;
        int customer = 0;
        do
        {
            outcome = await owner.CommitAsync(commit =>
            {
                for (int i = 0; i < 100; i++)
                    commit.PutHot(BitConverter.GetBytes(customer++), new byte[256]);
            });
        }
        while (outcome == CommitOutcome.Applied);
        return outcome;
    }

    private string Scalar(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return (string)command.ExecuteScalar()!;
    }
}
