using System.Globalization;

namespace StreamScorer.Engine.Commit;

/// <summary>
/// The right to write a partition's state: the owner's epoch and the number of the last write. A write is accepted only when the stored fence is
/// exactly the one the writer saw last, else a paused former owner overwrites its successor.
/// </summary>
/// <param name="Epoch">Raised by every claim; at least the claim's unix milliseconds.</param>
/// <param name="CommitSeq">Raised by one by every accepted write.</param>
public readonly record struct Fence(long Epoch, long CommitSeq)
{
    /// <summary>The fence after one more accepted write.</summary>
    public Fence Next => this with { CommitSeq = CommitSeq + 1 };

    /// <summary>The fence after a claim at <paramref name="nowUnixMs"/>: always a newer epoch, whatever the clock says.</summary>
    public Fence Raise(long nowUnixMs) => this with { Epoch = Math.Max(Epoch + 1, nowUnixMs) };

    /// <summary>
    /// What became of a write that expected <paramref name="expected"/> while the store held <paramref name="stored"/> (null = no fence at all):
    /// <see cref="CommitOutcome.Applied"/> means that it may be written.
    /// </summary>
    public static CommitOutcome Judge(Fence? stored, Fence expected) => stored switch
    {
        null => CommitOutcome.StoreLost,
        { } fence when fence == expected => CommitOutcome.Applied,
        { } fence when fence.Epoch > expected.Epoch => CommitOutcome.Fenced,
        _ => CommitOutcome.Stale,
    };

    /// <summary>Stored form, <c>epoch:commitSeq</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Epoch}:{CommitSeq}");

    /// <summary>Reads the stored form; false when it is not one.</summary>
    public static bool TryParse(string? text, out Fence fence)
    {
        fence = default;
        string[] parts = text?.Split(':') ?? [];
        if (parts.Length != 2
            || !long.TryParse(parts[0], CultureInfo.InvariantCulture, out long epoch)
            || !long.TryParse(parts[1], CultureInfo.InvariantCulture, out long seq))
            return false;
        fence = new Fence(epoch, seq);
        return true;
    }
}
