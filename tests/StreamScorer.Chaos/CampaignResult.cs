namespace StreamScorer.Chaos;

/// <summary>What a campaign found.</summary>
internal sealed record CampaignResult(int Kills, Comparison Output, bool IsDigestEqual)
{
    /// <summary>Whether the guarantees held.</summary>
    public bool IsClean => Output.IsClean && IsDigestEqual;

    /// <inheritdoc/>
    public override string ToString() => $"kills {Kills}, {Output}, digest {(IsDigestEqual ? "equal" : "different")}";
}

/// <summary>The campaign could not be run to its end, or the service did not survive it; the message says what happened.</summary>
internal sealed class CampaignException(string message) : Exception(message);
