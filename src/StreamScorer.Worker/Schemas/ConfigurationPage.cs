using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text;
using StreamScorer.Worker.CommandLine;
using StreamScorer.Worker.Configuration;

namespace StreamScorer.Worker.Schemas;

/// <summary>Every configuration key in one table, from the keys' own types, checks and documentation comments.</summary>
internal static class ConfigurationPage
{
    private const string Head = """
        # Configuration

        This page is generated from the code (`streamscorer schema`); a test fails when it is out of date.

        Values come from `config/streamscorer.json` (or `--config FILE`), environment variables over it, flags over both; `--set KEY=VALUE` reaches every key.
        The variable of a key is `STREAMSCORER__` and the key with `__` for `:`, such as `STREAMSCORER__KAFKA__BOOTSTRAPSERVERS`; case does not matter. Everything is
        checked at start, an unknown key is an error, and what was wrong is named with its key, value, origin and what is allowed.

        Secrets need not stand in any of these: a key that ends with `File` names a mounted file that holds the value.


        """;

    /// <summary>The page as Markdown.</summary>
    public static string Build()
    {
        var flags = new ConfigurationFlags();
        var page = new StringBuilder(Head);
        page.Append("| key | default | allowed | effect |\n|---|---|---|---|\n");
        foreach (OptionKey key in OptionKeys.All.Values)
            page.Append(CultureInfo.InvariantCulture, $"| {Name(key, flags)} | {Code(DefaultOf(key.Name))} | {Cell(Allowed(key))} | {Cell(Documentation.Of(key.Property))} |\n");
        foreach (OptionKey open in OptionKeys.Open)
            page.Append(CultureInfo.InvariantCulture, $"| `{open.Name}:*` | | a text | {Cell(Documentation.Of(open.Property))} |\n");
        return page.ToString();
    }

    private static string Name(OptionKey key, ConfigurationFlags flags) =>
        $"`{key.Name}`" + (flags.FlagOf(key.Name) is string flag ? $", `{flag}`" : "");

    private static string Allowed(OptionKey key) => AllowedValues.Describe(
        key.Property.PropertyType, [.. key.Property.GetCustomAttributes(inherit: true).OfType<ValidationAttribute>()]);

    private static string? DefaultOf(string key)
    {
        object? value = new StreamScorerOptions();
        foreach (string part in key.Split(':'))
            value = value?.GetType().GetProperty(part)?.GetValue(value);
        return value switch
        {
            Enum or bool => value.ToString()!.ToLowerInvariant(),
            TimeSpan { Microseconds: 0 } duration when duration.Milliseconds > 0 => duration.ToString(@"hh\:mm\:ss\.fff", CultureInfo.InvariantCulture),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture),
        };
    }

    private static string Code(string? text) => string.IsNullOrEmpty(text) ? "" : $"`{text}`";

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
