namespace StreamScorer.Worker.Configuration;

/// <summary>The configuration cannot be used. Every error names its key, its value and what is allowed.</summary>
public sealed class OptionsException(IReadOnlyList<string> errors) : Exception(string.Join(Environment.NewLine, errors))
{
    /// <summary>One line for each thing that is wrong; all of them, so that one start shows everything.</summary>
    public IReadOnlyList<string> Errors { get; } = errors;
}
