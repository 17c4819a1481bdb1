using StreamScorer.Scoring.Policy;

namespace StreamScorer.Scoring.Tests.Signals;

/// <summary>Rules of the hand-worked tables, built once: tables are expensive to build.</summary>
internal static class SignalRules
{
    /// <summary>The defaults: weeks, MBG/NBD of CDNOW, 10 % a year, horizon of 3 years, half-lives of 365, 60 and 240 days.</summary>
    public static ScoringRules Default { get; } = new(new ScoringPolicy());

    /// <summary>The defaults in a zone with summer time.</summary>
    public static ScoringRules Berlin { get; } = new(new ScoringPolicy { BusinessTimeZone = "Europe/Berlin" });

    /// <summary>The defaults in Chinese time.</summary>
    public static ScoringRules Shanghai { get; } = new(new ScoringPolicy { BusinessTimeZone = "Asia/Shanghai" });

    /// <summary>The defaults for buyers of regularity 2.</summary>
    public static ScoringRules Regular { get; } = new(new ScoringPolicy { Model = new ModelPolicy { K = 2 } });
}
