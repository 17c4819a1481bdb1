namespace StreamScorer.Simulation.Oracle;

/// <summary>What the oracle found wrong in one run.</summary>
public sealed class Findings
{
    private readonly List<(string Oracle, string What)> all = [];

    /// <summary>Findings in the order in which they came up.</summary>
    public IReadOnlyList<(string Oracle, string What)> All => all;

    /// <summary>Notes a finding unless the condition holds.</summary>
    /// <param name="oracle">Which check failed, such as <c>O5 conservation</c>.</param>
    /// <param name="what">What was seen.</param>
    public void Require(bool holds, string oracle, string what)
    {
        if (!holds && all.Count < 20)
            all.Add((oracle, what));
    }
}
