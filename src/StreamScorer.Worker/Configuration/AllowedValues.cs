using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace StreamScorer.Worker.Configuration;

/// <summary>Says in words what a key takes.</summary>
public static class AllowedValues
{
    /// <summary>The words that follow "allowed is", from the type of the key and its checks.</summary>
    public static string Describe(Type type, IReadOnlyList<ValidationAttribute> checks) =>
        checks.OfType<AllowedAttribute>().FirstOrDefault()?.Allowed
        ?? (checks.OfType<RangeAttribute>().FirstOrDefault() is RangeAttribute range
            ? string.Create(CultureInfo.InvariantCulture, $"{Kind(type)} from {range.Minimum} to {range.Maximum}")
            : checks.OfType<RegularExpressionAttribute>().FirstOrDefault() is RegularExpressionAttribute expression
                ? $"text that matches {expression.Pattern}"
                : type == typeof(string) && !checks.OfType<RequiredAttribute>().Any() ? "a text" : Kind(type));

    private static string Kind(Type type) => type switch
    {
        { IsEnum: true } => string.Join(" or ", Enum.GetNames(type).Select(name => name.ToLowerInvariant())),
        _ when type == typeof(bool) => "true or false",
        _ when type == typeof(int) => "a whole number",
        _ when type == typeof(double) => "a number",
        _ when type == typeof(TimeSpan) => "a duration (hh:mm:ss.fff)",
        _ => "a text that is not empty",
    };
}
