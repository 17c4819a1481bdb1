using System.Threading.Channels;
using StreamScorer.Engine.Source;

namespace StreamScorer.Contracts;

/// <summary>Keeps every call of a source in order, for a test to wait for.</summary>
public sealed class RecordingOwner : IPartitionOwner
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Channel<OwnerCall> calls = Channel.CreateUnbounded<OwnerCall>();
    private readonly SortedDictionary<int, PartitionAssignment> held = [];

    /// <summary>Runs inside <see cref="Revoked"/>, which returns after it.</summary>
    public Action WhileRevoked { get; set; } = () => { };

    /// <summary>The next call that has not been taken yet; fails when none comes.</summary>
    public Task<OwnerCall> NextAsync() => calls.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    /// <summary>
    /// Takes calls until the owner holds <paramref name="count"/> partitions and nothing newer is known; by partition number. A group may rebalance more
    /// than once until all its members have met.
    /// </summary>
    public async Task<IReadOnlyList<PartitionAssignment>> HoldingAsync(int count)
    {
        do
        {
            Apply(await NextAsync());
            while (calls.Reader.TryRead(out OwnerCall? call))
                Apply(call);
        }
        while (held.Count != count);
        return [.. held.Values];
    }

    /// <inheritdoc/>
    public void Assigned(IReadOnlyList<PartitionAssignment> assignments) => calls.Writer.TryWrite(new OwnerCall(OwnerCallKind.Assigned, assignments));

    /// <inheritdoc/>
    public void Revoked(IReadOnlyList<PartitionAssignment> assignments)
    {
        calls.Writer.TryWrite(new OwnerCall(OwnerCallKind.Revoked, assignments));
        WhileRevoked();
    }

    /// <inheritdoc/>
    public void Lost(IReadOnlyList<PartitionAssignment> assignments) => calls.Writer.TryWrite(new OwnerCall(OwnerCallKind.Lost, assignments));

    private void Apply(OwnerCall call)
    {
        foreach (PartitionAssignment assignment in call.Assignments)
        {
            if (call.Kind == OwnerCallKind.Assigned)
                held.Add(assignment.Partition, assignment);
            else
                held.Remove(assignment.Partition);
        }
    }
}

/// <summary>What a source told its owner.</summary>
public sealed record OwnerCall(OwnerCallKind Kind, IReadOnlyList<PartitionAssignment> Assignments);

/// <summary>Which method of the owner was called.</summary>
public enum OwnerCallKind
{
    /// <summary><see cref="IPartitionOwner.Assigned"/>.</summary>
    Assigned,

    /// <summary><see cref="IPartitionOwner.Revoked"/>.</summary>
    Revoked,

    /// <summary><see cref="IPartitionOwner.Lost"/>.</summary>
    Lost,
}
