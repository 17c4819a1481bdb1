namespace StreamScorer.WebLoad;

/// <summary>What was wrong; only the first are kept. Safe for concurrent use.</summary>
internal sealed class WrongAnswers
{
    private const int KeptMax = 10;
    private readonly List<string> kept = [];

    /// <summary>The first ones.</summary>
    public IReadOnlyList<string> First
    {
        get
        {
            lock (kept)
                return [.. kept];
        }
    }

    /// <summary>Adds one.</summary>
    public void Add(string what)
    {
        lock (kept)
        {
            if (kept.Count < KeptMax)
                kept.Add(what);
        }
    }

    /// <summary>Adds one unless it is as it must be.</summary>
    public void Expect(bool isRight, string otherwise)
    {
        if (!isRight)
            Add(otherwise);
    }
}
