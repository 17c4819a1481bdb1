namespace StreamScorer.Engine.Commit;

/// <summary>The state store cannot be used; the message says why and what to do.</summary>
public sealed class StateStoreException(string message, Exception? inner = null) : PortException(message, inner);
