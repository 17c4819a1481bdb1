namespace StreamScorer.Scoring.Models;

/// <summary>The range check shared by all model parameters.</summary>
internal static class ParameterRange
{
    /// <summary>Adds a sentence to <paramref name="problems"/> unless the value is a finite number above 0.</summary>
    public static void RequirePositive(List<string> problems, string name, double value)
    {
        if (!(value > 0) || !double.IsFinite(value))
            problems.Add($"{name} must be a finite number > 0, was {value}");
    }

    /// <summary>Throws when there are problems: a model is never built from parameters that it cannot evaluate.</summary>
    public static void ThrowIfAny(IReadOnlyList<string> problems, string parameterName)
    {
        if (problems.Count > 0)
            throw new ArgumentOutOfRangeException(parameterName, string.Join("; ", problems));
    }
}
