using System.Globalization;
using StreamScorer.Engine.Commit;

namespace StreamScorer.Redis;

/// <summary>The outbox entries of one commit, which are stored as one.</summary>
/// <param name="FirstSeq">Sequence of the first entry.</param>
/// <param name="LastSeq">Sequence of the last entry.</param>
internal readonly record struct OutboxRun(long FirstSeq, long LastSeq)
{
    /// <summary>
    /// Its field in Redis: <c>first-last</c>, or the sequence of a single entry. A build that knows single entries only refuses the former, instead of publishing the
    /// first of them alone.
    /// </summary>
    public string Name => FirstSeq == LastSeq ? Text(FirstSeq) : $"{Text(FirstSeq)}-{Text(LastSeq)}";

    /// <summary>What a commit appends, or null.</summary>
    public static OutboxRun? Of(PartitionCommit commit) =>
        commit.Outbox is { Count: > 0 } entries ? new OutboxRun(entries[0].Seq, entries[^1].Seq) : null;

    /// <summary>Reads <see cref="Name"/>.</summary>
    public static bool TryParse(string name, out OutboxRun run)
    {
        run = default;
        int dash = name.IndexOf('-', StringComparison.Ordinal);
        if (!TryParse(dash < 0 ? name : name.AsSpan(0, dash), out long first) || !TryParse(name.AsSpan(dash + 1), out long last))
            return false;
        run = new OutboxRun(first, last);
        // Written in another way it could be read, and never trimmed.
        return first <= last && run.Name == name;

        static bool TryParse(ReadOnlySpan<char> text, out long seq) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out seq);
    }

    private static string Text(long seq) => seq.ToString(CultureInfo.InvariantCulture);
}
