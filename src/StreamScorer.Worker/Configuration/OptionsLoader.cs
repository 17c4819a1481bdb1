using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace StreamScorer.Worker.Configuration;

/// <summary>Turns layers of values into <see cref="StreamScorerOptions"/>, or into all that is wrong with them.</summary>
public static class OptionsLoader
{
    /// <summary>The options that <paramref name="layers"/> describe, defaults below them.</summary>
    /// <param name="layers">Weakest first: file, environment, flags.</param>
    /// <exception cref="OptionsException">A key is unknown, a value is not allowed, or two values contradict each other.</exception>
    public static StreamScorerOptions Load(params IReadOnlyList<OptionsLayer> layers)
    {
        List<string> errors = [.. layers.SelectMany(UnknownKeys)];
        var builder = new ConfigurationBuilder();
        foreach (OptionsLayer layer in layers)
            builder.AddInMemoryCollection(layer.Values);
        OptionsLayer secrets = SecretFiles.Read(builder.Build(), errors);
        IConfigurationRoot configuration = builder.AddInMemoryCollection(secrets.Values).Build();
        layers = [.. layers, secrets];

        foreach (OptionKey key in OptionKeys.All.Values)
            if (configuration[key.Name] is string text && Problem(key, text) is string allowed)
                errors.Add($"{key.Name} = {Shown(key, text)} ({Origin(layers, key.Name)}): allowed is {allowed}");
        ThrowIfAny(errors);

        StreamScorerOptions options = configuration.Get<StreamScorerOptions>() ?? new StreamScorerOptions();
        ThrowIfAny([.. OptionsRelations.Broken(options)]);
        return options;
    }

    private static IEnumerable<string> UnknownKeys(OptionsLayer layer) =>
        from key in layer.Values.Keys
        where !OptionKeys.IsKnown(key)
        let nearest = OptionKeys.Nearest(key)
        select $"{key} ({layer.Describe(key)}): no such key" + (nearest is null ? "" : $"; did you mean {nearest}?");

    /// <summary>What would be allowed, or null when <paramref name="text"/> is.</summary>
    private static string? Problem(OptionKey key, string text)
    {
        Type type = key.Property.PropertyType;
        ValidationAttribute[] checks = [.. key.Property.GetCustomAttributes(inherit: true).OfType<ValidationAttribute>()];
        bool passes = TryConvert(type, text, out object? value) && checks.All(check => check.IsValid(value));
        return passes ? null : AllowedValues.Describe(type, checks);
    }

    private static bool TryConvert(Type type, string text, out object? value)
    {
        value = null;
        if (type.IsEnum)
            return Enum.TryParse(type, text, ignoreCase: true, out value) && Enum.GetNames(type).Contains(text, StringComparer.OrdinalIgnoreCase);
        try
        {
            value = TypeDescriptor.GetConverter(type).ConvertFromInvariantString(text);
            return value is not null;
        }
        catch (Exception e) when (e is FormatException or ArgumentException or OverflowException)
        {
            return false;
        }
    }

    private static string Shown(OptionKey key, string text) => key.IsSecret ? "(not shown)" : $"\"{text}\"";

    private static string Origin(IReadOnlyList<OptionsLayer> layers, string key) =>
        layers.Last(layer => layer.Values.ContainsKey(key)).Describe(key);

    private static void ThrowIfAny(IReadOnlyList<string> errors)
    {
        if (errors.Count > 0)
            throw new OptionsException(errors);
    }
}
