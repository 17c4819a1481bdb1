namespace StreamScorer.Engine.Diagnosis;

/// <summary>How bad a finding is.</summary>
public enum Severity
{
    /// <summary>As it should be; the finding says what was seen.</summary>
    Ok,

    /// <summary>Works, but somebody should know.</summary>
    Note,

    /// <summary>Works now, and will fail or lose something under a foreseeable circumstance.</summary>
    Warning,

    /// <summary>A worker does not start, or does not get on.</summary>
    Error,
}

/// <summary>One thing that a check has seen.</summary>
/// <param name="Severity">How bad it is.</param>
/// <param name="Subject">What was looked at: a server, a topic, a file, a key.</param>
/// <param name="Problem">What is wrong, or what was seen when nothing is.</param>
/// <param name="Fix">What to do; empty when nothing is wrong.</param>
public sealed record Finding(Severity Severity, string Subject, string Problem, string Fix)
{
    /// <summary>Problem and fix as one message.</summary>
    public string Message => Fix.Length == 0 ? Problem : $"{Problem} {Fix}";

    /// <summary>A check that found nothing wrong.</summary>
    public static Finding Ok(string subject, string seen) => new(Severity.Ok, subject, seen, "");

    /// <summary>Something that keeps a worker from working.</summary>
    public static Finding Error(string subject, string problem, string fix) => new(Severity.Error, subject, problem, fix);

    /// <summary>Something that will fail under a foreseeable circumstance.</summary>
    public static Finding Warning(string subject, string problem, string fix) => new(Severity.Warning, subject, problem, fix);
}
