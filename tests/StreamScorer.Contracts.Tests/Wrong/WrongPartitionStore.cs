using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Publish;
using StreamScorer.Testing.State;

namespace StreamScorer.Contracts.Tests.Wrong;

/// <summary>The writing side of a <see cref="WrongStateStore"/>.</summary>
internal sealed class WrongPartitionStore(Flaw flaw, InMemoryStateStore right, int partition, IPartitionStore inner) : IPartitionStore
{
    public async ValueTask<ClaimResult> ClaimAsync(long nowUnixMs, CancellationToken cancellation)
    {
        PartitionMeta? stored = await right.ReadMetaAsync(partition, cancellation);
        if (flaw == Flaw.ClaimsWithoutRaising && stored is { } meta)
            return new ClaimResult(true, meta, null);
        ClaimResult claim = await inner.ClaimAsync(nowUnixMs, cancellation);
        return flaw == Flaw.TrustsTheClock ? claim with { Meta = claim.Meta with { Fence = claim.Meta.Fence with { Epoch = nowUnixMs } } } : claim;
    }

    public async ValueTask<bool> LoadAsync(ILoadTarget target, CancellationToken cancellation)
    {
        if (flaw == Flaw.LoadsTwice)
            await foreach (StoredCustomer customer in right.ReadCustomersAsync(partition, cancellation))
                target.LoadHot(customer.CustomerId, customer.Hot);
        return await inner.LoadAsync(target, cancellation);
    }

    public async ValueTask<CommitOutcome> CommitAsync(PartitionCommit commit, CancellationToken cancellation)
    {
        while (flaw == Flaw.CopiesTooLate && commit.Writes.Length > 0)
            await Task.Yield();
        if (flaw == Flaw.HealsALostStore && await right.ReadMetaAsync(partition, cancellation) is null)
            await inner.ClaimAsync(0, cancellation);
        PartitionMeta? stored = await right.ReadMetaAsync(partition, cancellation);
        var written = new PartitionCommit();
        Distort(commit, written);
        written.Seal(FenceFor(commit.Expected, stored?.Fence), commit.Next, flaw == Flaw.ForgetsTheTrim ? 0 : commit.TrimThroughSeq);

        CommitOutcome outcome = await inner.CommitAsync(written, cancellation);
        if (flaw == Flaw.KeepsAPartOfARefusedCommit && outcome is CommitOutcome.Fenced or CommitOutcome.Stale)
            await KeepPopulationAsync(commit, stored!.Value, cancellation);
        return flaw == Flaw.CallsEverythingFenced && outcome != CommitOutcome.Applied ? CommitOutcome.Fenced : outcome;
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private Fence FenceFor(Fence expected, Fence? stored) => flaw switch
    {
        Flaw.SkipsTheFence or Flaw.HealsALostStore when stored is { } any => any,
        Flaw.ComparesEpochsOnly when stored is { } older && older.Epoch <= expected.Epoch => older,
        _ => expected,
    };

    private void Distort(PartitionCommit commit, PartitionCommit written)
    {
        for (int i = 0; i < commit.Writes.Length; i++)
        {
            CustomerWrite write = commit.Writes[i];
            if (flaw != Flaw.AppliesHalf || i % 2 == 0)
                Distort(write.Kind, commit.CustomerId(write), commit.Record(write), written);
        }
        foreach (OutboxEntry entry in commit.Outbox.TakeWhile(_ => flaw != Flaw.ForgetsTheOutbox))
            written.Append(entry);
        long first = commit.Next.RecentCount - commit.RecentIds.Length;
        for (int i = 0; i < commit.RecentIds.Length; i++)
            written.Remember(flaw == Flaw.DropsIdsBeyondTheRing && first + i >= PartitionMeta.RecentCapacity ? 0 : commit.RecentIds[i]);
        if (commit.Population is { } sketch)
            written.PutPopulation(sketch);
        if (commit.ResetsState && flaw != Flaw.ForgetsTheReset)
            written.ResetState();
        foreach (ErasureWrite erasure in commit.Erasures.TakeWhile(_ => flaw != Flaw.ForgetsErasures))
        {
            if (erasure.ErasedAtMs is { } at)
                written.PutErasure(erasure.CustomerHash, at);
            else if (flaw != Flaw.KeepsErasures)
                written.RemoveErasure(erasure.CustomerHash);
        }
    }

    private void Distort(CustomerWriteKind kind, ReadOnlySpan<byte> id, ReadOnlySpan<byte> record, PartitionCommit written)
    {
        if (kind == CustomerWriteKind.PutHot)
            written.PutHot(id, record);
        else if (kind == CustomerWriteKind.PutCold)
            written.PutCold(id, record);
        else if (kind == CustomerWriteKind.RemoveCold && flaw is not (Flaw.ForgetsRemovals or Flaw.ForgetsColdRemovals))
            written.RemoveCold(id);
        else if (kind == CustomerWriteKind.RemoveCustomer && flaw != Flaw.ForgetsRemovals)
            written.RemoveCustomer(id);
    }

    private async Task KeepPopulationAsync(PartitionCommit commit, PartitionMeta stored, CancellationToken cancellation)
    {
        if (commit.Population is not { } sketch)
            return;
        var part = new PartitionCommit();
        part.PutPopulation(sketch);
        part.Seal(stored.Fence, stored, 0);
        await inner.CommitAsync(part, cancellation);
    }
}
