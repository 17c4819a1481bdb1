namespace StreamScorer.Worker.Hosting;

/// <summary>The least severe level that is logged, changeable while the worker runs. Safe for concurrent use.</summary>
internal sealed class LogLevelSwitch(LogLevel level)
{
    private volatile LogLevel level = level;

    /// <summary>The level.</summary>
    public LogLevel Level
    {
        get => level;
        set => level = value;
    }

    /// <summary>Whether a message is logged. The frameworks speak up only when something is wrong; what they do otherwise is not this service's news.</summary>
    public bool IsEnabled(string? category, LogLevel messageLevel)
    {
        LogLevel least = level;
        bool isForeign = category is not null && category.StartsWith("Microsoft", StringComparison.Ordinal);
        return messageLevel >= (isForeign && least < LogLevel.Warning ? LogLevel.Warning : least);
    }
}
