namespace StreamScorer.Redis;

/// <summary>The server has understood and refuses.</summary>
/// <param name="words">Its own words, of which the first tells the kind: <c>OOM command not allowed...</c>.</param>
internal sealed class RespRefusal(string words) : IOException($"Redis refused: {words}")
{
    /// <summary>The server's own words.</summary>
    public string Words => words;

    /// <summary>The server of a cluster that has the key; null when the refusal is another one. Without a host it is the same host's.</summary>
    public string? MovedTo => words.StartsWith("MOVED ", StringComparison.Ordinal) ? words.Split(' ')[^1] : null;

    /// <summary>Whether another server is the one to ask, and this one has done nothing: it does not have the key, or was a primary before.</summary>
    public bool IsElsewhere => MovedTo is not null || words.StartsWith("READONLY ", StringComparison.Ordinal);
}
