using System.Reflection;

namespace StreamScorer.Worker.Configuration;

/// <summary>One key that can be configured: its full name and the property that it fills.</summary>
/// <param name="Name">As in an error or a flag, <c>Engine:BatchSizeMax</c>.</param>
/// <param name="Property">The property, for its type and its checks.</param>
public sealed record OptionKey(string Name, PropertyInfo Property)
{
    /// <summary>Whether the value must not be shown.</summary>
    public bool IsSecret => Property.IsDefined(typeof(SecretAttribute));
}

/// <summary>All keys, found by walking <see cref="StreamScorerOptions"/>, so that a new property is a new key and nothing else has to know.</summary>
public static class OptionKeys
{
    private static readonly List<OptionKey> open = [];

    /// <summary>Every key by its name; names ignore case, as configuration keys do.</summary>
    public static IReadOnlyDictionary<string, OptionKey> All { get; } =
        Walk(typeof(StreamScorerOptions), "").ToDictionary(key => key.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Keys below which any name is a key, <c>Kafka:Client</c>.</summary>
    public static IReadOnlyList<OptionKey> Open => open;

    /// <summary>Whether <paramref name="name"/> is a key, or lies below one that takes any name (<c>Kafka:Client:*</c>).</summary>
    public static bool IsKnown(string name) =>
        All.ContainsKey(name) || open.Exists(key => name.StartsWith(key.Name + ":", StringComparison.OrdinalIgnoreCase));

    /// <summary>The known key that <paramref name="name"/> most likely stands for, or null when none is near.</summary>
    public static string? Nearest(string name)
    {
        string best = All.Keys.MinBy(key => Distance(key, name))!;
        return Distance(best, name) <= Math.Max(2, name.Length / 4)
            ? best
            : All.Keys.FirstOrDefault(key => Leaf(key).Equals(Leaf(name), StringComparison.OrdinalIgnoreCase));
    }

    private static string Leaf(string key) => key[(key.LastIndexOf(':') + 1)..];

    private static IEnumerable<OptionKey> Walk(Type type, string prefix)
    {
        foreach (PropertyInfo property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            string name = prefix + property.Name;
            if (property.PropertyType == typeof(Dictionary<string, string>))
                open.Add(new OptionKey(name, property));
            else if (property.PropertyType.Namespace == typeof(StreamScorerOptions).Namespace && property.PropertyType.IsClass)
                foreach (OptionKey key in Walk(property.PropertyType, name + ":"))
                    yield return key;
            else
                yield return new OptionKey(name, property);
        }
    }

    /// <summary>Edits between two names, ignoring case (Levenshtein 1966), in one row of the table.</summary>
    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int substitution = diagonal + (char.ToUpperInvariant(a[i - 1]) == char.ToUpperInvariant(b[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substitution, 1 + Math.Min(row[j], row[j - 1]));
            }
        }
        return row[b.Length];
    }
}
