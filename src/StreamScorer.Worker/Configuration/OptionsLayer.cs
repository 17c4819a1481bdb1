using System.Collections;

namespace StreamScorer.Worker.Configuration;

/// <summary>One place that values come from. Later layers win over earlier ones.</summary>
/// <param name="Values">Value by key name; null values are absent.</param>
/// <param name="Describe">How a person would call the place of a key, for errors: the file, the environment variable, the flag.</param>
public sealed record OptionsLayer(IReadOnlyDictionary<string, string?> Values, Func<string, string> Describe)
{
    /// <summary>Prefix of every environment variable that is read.</summary>
    public const string EnvironmentPrefix = "STREAMSCORER__";

    /// <summary>The values of a JSON file; nested objects become <c>Outer:Inner</c>.</summary>
    /// <exception cref="OptionsException">The file cannot be read or is not JSON.</exception>
    public static OptionsLayer FromFile(string path)
    {
        try
        {
            IConfigurationRoot file = new ConfigurationBuilder().AddJsonFile(Path.GetFullPath(path), optional: false).Build();
            return new OptionsLayer(Flatten(file), _ => path);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new OptionsException([$"{path}: {e.InnerException?.Message ?? e.Message}"]);
        }
    }

    /// <summary>The variables that start with <see cref="EnvironmentPrefix"/>; <c>__</c> separates the parts of a key.</summary>
    public static OptionsLayer FromEnvironment(IDictionary variables)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry variable in variables)
        {
            string name = (string)variable.Key;
            if (name.StartsWith(EnvironmentPrefix, StringComparison.OrdinalIgnoreCase))
                values[name[EnvironmentPrefix.Length..].Replace("__", ":", StringComparison.Ordinal)] = (string?)variable.Value;
        }
        return new OptionsLayer(values, key => $"environment variable {VariableName(key)}");
    }

    /// <summary>Values given on the command line.</summary>
    public static OptionsLayer FromFlags(IReadOnlyDictionary<string, string?> values) => new(values, _ => "command line");

    /// <summary>The environment variable of a key.</summary>
    public static string VariableName(string key) => EnvironmentPrefix + key.Replace(":", "__", StringComparison.Ordinal).ToUpperInvariant();

    private static Dictionary<string, string?> Flatten(IConfigurationRoot root) =>
        root.AsEnumerable()
            .Where(pair => pair.Value is not null)
            .ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.OrdinalIgnoreCase);
}
