using System.ComponentModel.DataAnnotations;
using StreamScorer.Scoring.Tiers;

namespace StreamScorer.Worker.Configuration;

/// <summary>A check of one key that can say in words what it allows.</summary>
[AttributeUsage(AttributeTargets.Property)]
public abstract class AllowedAttribute : ValidationAttribute
{
    /// <summary>What is allowed, to follow "allowed is".</summary>
    public abstract string Allowed { get; }
}

/// <summary><c>HOST:PORT</c>, several separated by commas; empty is left to the relations between keys.</summary>
public sealed class HostPortsAttribute : AllowedAttribute
{
    /// <inheritdoc/>
    public override string Allowed => "HOST:PORT, several separated by commas";

    /// <inheritdoc/>
    public override bool IsValid(object? value) =>
        value is string text && (text.Length == 0 || text.Split(',').All(IsHostPort));

    private static bool IsHostPort(string text)
    {
        int colon = text.LastIndexOf(':');
        return colon > 0
            && !text.Any(char.IsWhiteSpace)
            && ushort.TryParse(text.AsSpan(colon + 1), out ushort port)
            && port > 0;
    }
}

/// <summary>Addresses to listen on; whether others may reach them is for the keys to decide.</summary>
public sealed class UrlsAttribute : AllowedAttribute
{
    /// <summary>The value that switches the web surface off.</summary>
    public const string None = "none";

    /// <inheritdoc/>
    public override string Allowed => "addresses such as http://127.0.0.1:5080, separated by semicolons, or none";

    /// <inheritdoc/>
    public override bool IsValid(object? value) => value is string text && (text == None || text.Split(';').All(IsAddress));

    private static bool IsAddress(string text) =>
        Uri.TryCreate(text.Replace("//*", "//0.0.0.0", StringComparison.Ordinal).Replace("//+", "//0.0.0.0", StringComparison.Ordinal), UriKind.Absolute, out Uri? uri)
        && (uri.Scheme is "http" or "https")
        && uri.PathAndQuery == "/";
}

/// <summary>The value is never shown, neither in errors nor in logs.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SecretAttribute : Attribute;

/// <summary>Names of tier schemes, or <c>all</c>.</summary>
public sealed class SchemeNamesAttribute : AllowedAttribute
{
    /// <summary>The value that means every scheme.</summary>
    public const string All = "all";

    /// <inheritdoc/>
    public override string Allowed => $"{All}, or schemes separated by commas: {string.Join(", ", TierSchemes.Names)}";

    /// <inheritdoc/>
    public override bool IsValid(object? value) =>
        value is string text && (text == All || text.Split(',', StringSplitOptions.TrimEntries).All(TierSchemes.Names.Contains));
}
