namespace StreamScorer.Engine;

/// <summary>A port cannot do what it was asked; the message says why and names the fix.</summary>
public abstract class PortException(string message, Exception? inner) : Exception(message, inner)
{
    /// <summary>
    /// True when it may work later without anybody's doing, because a server is away, slow or moving: the engine tries again. False when somebody must
    /// change something: the engine ends with the message.
    /// </summary>
    public bool IsTransient { get; init; }
}
