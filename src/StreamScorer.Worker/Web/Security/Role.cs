namespace StreamScorer.Worker.Web.Security;

/// <summary>What a key may do.</summary>
public enum Role
{
    /// <summary>Look: customers, population, transitions, streams, pages.</summary>
    Read,

    /// <summary>Send events.</summary>
    Ingest,

    /// <summary>Everything, erasure and administration too.</summary>
    Admin,
}
