namespace StreamScorer.Simulation.World;

/// <summary>The consumer group: takes everything back from its members, then gives everything out anew, as the range assignor does.</summary>
internal sealed class Group(int partitions)
{
    private readonly List<Worker> members = [];
    private readonly List<Worker> leaving = [];
    private bool wanted;
    private bool revoking;

    /// <summary>Workers that take part.</summary>
    public IReadOnlyList<Worker> Members => members;

    /// <summary>True when everything is given out and nobody is about to change that.</summary>
    public bool IsStable => !wanted && !revoking;

    public override string ToString() => $"group of {string.Join(", ", members)}{(wanted ? ", rebalance wanted" : "")}{(revoking ? ", revoking" : "")}";

    /// <summary>Wants everything to be given out anew.</summary>
    public void Rebalance() => wanted = true;

    public void Join(Worker worker)
    {
        if (!worker.IsAlive || worker.Running.IsCompleted || members.Contains(worker))
            return;
        members.Add(worker);
        Rebalance();
    }

    public void Leave(Worker worker)
    {
        if (!members.Contains(worker))
            return;
        leaving.Add(worker);
        Rebalance();
    }

    /// <summary>A member is gone without a word.</summary>
    public void Forget(Worker worker)
    {
        leaving.Remove(worker);
        if (members.Remove(worker))
            Rebalance();
    }

    /// <summary>Gives the partitions of a member to others, which it does not hear. Whoever has not joined yet has nothing to lose.</summary>
    public void Evict(Worker worker)
    {
        if (!members.Contains(worker))
            return;
        worker.IsEvicted = true;
        Forget(worker);
    }

    /// <summary>Moves a rebalance on.</summary>
    public void Step()
    {
        if (!revoking && wanted && !members.Exists(m => m.IsInOwnerCall))
        {
            (wanted, revoking) = (false, true);
            foreach (Worker member in members)
                member.Revoke();
        }
        else if (revoking && !members.Exists(m => m.IsInOwnerCall))
        {
            revoking = false;
            Assign();
        }
    }

    private void Assign()
    {
        foreach (Worker worker in leaving)
        {
            members.Remove(worker);
            worker.Source.Leave();
        }
        leaving.Clear();
        for (int m = 0; m < members.Count; m++)
        {
            int[] share = [.. Enumerable.Range(0, partitions).Where(p => p * members.Count / partitions == m)];
            if (share.Length > 0)
                members[m].Assign(share);
        }
    }
}
