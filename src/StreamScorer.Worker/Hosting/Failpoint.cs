using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using StreamScorer.Engine;
using StreamScorer.Worker.Configuration;

namespace StreamScorer.Worker.Hosting;

/// <summary>
/// Ends this process as <c>kill -9</c> does when the engine reaches a step, so that tests can show what a crash exactly there leaves behind. Armed by an
/// environment variable alone: no configuration file can carry it into operation.
/// </summary>
/// <param name="step">Where.</param>
/// <param name="occurrence">At which time the step is reached, from 1, over all partitions.</param>
internal sealed class Failpoint(EngineStep step, int occurrence)
{
    /// <summary>Environment variable that arms it: <c>STEP</c> or <c>STEP:NTH</c>, such as <c>commit-sent:3</c>.</summary>
    public const string Variable = "STREAMSCORER_FAILPOINT";

    private int left = occurrence;

    /// <summary>Every step by the name it has in the environment variable.</summary>
    public static IReadOnlyDictionary<string, EngineStep> Steps { get; } = Enum.GetValues<EngineStep>().ToDictionary(NameOf);

    /// <summary>The failpoint that a value of <see cref="Variable"/> asks for; null for none.</summary>
    /// <exception cref="OptionsException">There is no such step, or the number is none.</exception>
    [return: NotNullIfNotNull(nameof(text))]
    public static Failpoint? Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        string[] parts = text.Split(':');
        int nth = 1;
        bool isCounted = parts.Length == 1
            || (parts.Length == 2 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out nth) && nth > 0);
        return isCounted && Steps.TryGetValue(parts[0], out EngineStep step)
            ? new Failpoint(step, nth)
            : throw new OptionsException([$"environment variable {Variable} \"{text}\": allowed is STEP or STEP:NTH with NTH from 1 and STEP one of {string.Join(", ", Steps.Keys)}"]);
    }

    /// <summary>Name of a step in the environment variable, such as <c>commit-sent</c>.</summary>
    public static string NameOf(EngineStep step) =>
        string.Concat(step.ToString().Select((letter, i) => char.IsUpper(letter) && i > 0 ? $"-{letter}" : $"{letter}")).ToLowerInvariant();

    /// <summary>The engine has reached a step; does not return when it is the one.</summary>
    public void Reached(EngineStep reached)
    {
        if (reached != step || Interlocked.Decrement(ref left) != 0)
            return;
        using var self = Process.GetCurrentProcess();
        self.Kill();
    }
}
