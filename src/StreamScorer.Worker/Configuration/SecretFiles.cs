namespace StreamScorer.Worker.Configuration;

/// <summary>
/// Secrets that are mounted as files, so that they stand in no configuration, no environment and no command line: beside a key <c>X</c> that is
/// a <see cref="SecretAttribute"/> there is a key <c>XFile</c>.
/// </summary>
internal static class SecretFiles
{
    /// <summary>What the name of a secret's file key ends with.</summary>
    public const string Suffix = "File";

    private const string ClientKey = "Kafka:Client";

    /// <summary>The values in the files that <paramref name="configuration"/> names; the keys that name them are emptied, so that nothing reads them twice.</summary>
    /// <param name="configuration">Everything else that is configured.</param>
    /// <param name="errors">Takes a line for each file that cannot be used.</param>
    public static OptionsLayer Read(IConfiguration configuration, List<string> errors)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (OptionKey key in OptionKeys.All.Values.Where(key => key.IsSecret))
        {
            string fileKey = key.Name + Suffix;
            if (TryRead(configuration, fileKey, values, errors) is not string content)
                continue;
            if (!string.IsNullOrEmpty(configuration[key.Name]))
                errors.Add($"{key.Name} and {fileKey} are both set: allowed is one of them");
            values[key.Name] = content.TrimEnd('\r', '\n');
        }
        if (TryRead(configuration, ClientKey + Suffix, values, errors) is string properties)
            ReadProperties(configuration, properties, values, errors);
        return new OptionsLayer(values, _ => "secret file");
    }

    private static string? TryRead(IConfiguration configuration, string fileKey, Dictionary<string, string?> values, List<string> errors)
    {
        if (configuration[fileKey] is not { Length: > 0 } path)
            return null;
        values[fileKey] = "";
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            errors.Add($"{fileKey} = \"{path}\": {e.Message} Allowed is a file that this user may read");
            return null;
        }
    }

    private static void ReadProperties(IConfiguration configuration, string properties, Dictionary<string, string?> values, List<string> errors)
    {
        string[] lines = properties.Split('\n', StringSplitOptions.TrimEntries);
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i].Length == 0 || lines[i][0] == '#')
                continue;
            int equals = lines[i].IndexOf('=');
            // The line is not shown: it may hold a password.
            if (equals <= 0)
                errors.Add($"{ClientKey}{Suffix}, line {i + 1}: allowed is name=value");
            else if (configuration[$"{ClientKey}:{lines[i][..equals].Trim()}"] is null)
                values[$"{ClientKey}:{lines[i][..equals].Trim()}"] = lines[i][(equals + 1)..].Trim();
        }
    }
}
