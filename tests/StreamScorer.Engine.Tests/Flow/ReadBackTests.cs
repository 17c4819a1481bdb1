using System.Globalization;
using System.Text;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Publish;
using StreamScorer.Engine.Source;
using StreamScorer.Testing.Log;
using StreamScorer.Testing.State;

namespace StreamScorer.Engine.Tests;

public sealed class ReadBackTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_transition_on_the_output_behind_a_dead_letter_that_may_not_be_is_trimmed_and_not_published_again()
    {
        var run = new EngineRun();
        StoreOwner former = await StoreOwner.OpenAsync(run.Store);
        PartitionMeta meta = await former.ClaimAsync();
        var deadLetter = new OutboxEntry(1, OutboxKind.DeadLetter, "transactions.0.0", null, [1], []);
        OutboxEntry transition = Transition(2, meta.Incarnation);
        await former.CommitAsync(
            commit =>
            {
                commit.Append(deadLetter);
                commit.Append(transition);
            },
            next => next with { Offset = 0, SinkPosition = 0 });
        await using (InMemoryLogMember member = run.Log.Connect())
            await member.PublishAsync(0, [transition], CancellationToken.None);

        await run.ToEndAsync().WaitAsync(Patience);

        Assert.Single(run.Log.Transitions(0));
        Assert.Single(run.Log.DeadLetters(0));
    }

    [Fact]
    public async Task What_a_store_that_went_back_has_forgotten_but_the_output_has_counts_as_published()
    {
        var run = new EngineRun { Until = run => run.MetaAsync().GetAwaiter().GetResult().PublishedSeq == 2 };
        StoreOwner former = await StoreOwner.OpenAsync(run.Store);
        PartitionMeta meta = await former.ClaimAsync();
        await former.CommitAsync(change: next => next with { Offset = 0, SinkPosition = 0 });
        await using (InMemoryLogMember member = run.Log.Connect())
            await member.PublishAsync(0, [Transition(2, meta.Incarnation)], CancellationToken.None);

        await run.ToEndAsync().WaitAsync(Patience);

        Assert.Equal(2, (await run.MetaAsync()).OutboxSeq);
        Assert.Single(run.Log.Transitions(0));
    }

    private static OutboxEntry Transition(long seq, long incarnation)
    {
        byte[] headers = RecordHeaders.Pack(
        [
            new(OutboxEntry.IdHeader, "lifecycle:c1:s1:maturity-decline"u8.ToArray()),
            new(OutboxEntry.SeqHeader, Encoding.UTF8.GetBytes(seq.ToString(CultureInfo.InvariantCulture))),
            new(OutboxEntry.IncarnationHeader, Encoding.UTF8.GetBytes(incarnation.ToString("x16", CultureInfo.InvariantCulture))),
        ]);
        return new OutboxEntry(seq, OutboxKind.Transition, "lifecycle:c1:s1:maturity-decline", "c1"u8.ToArray(), "{}"u8.ToArray(), headers);
    }
}
