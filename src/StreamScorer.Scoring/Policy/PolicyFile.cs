using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace StreamScorer.Scoring.Policy;

/// <summary>Reads and writes the policy as JSON with camel-case keys. Unknown keys are errors, keys left out have their defaults.</summary>
public static class PolicyFile
{
    /// <summary>How the file is read and written; <see cref="PolicySchema"/> describes the same.</summary>
    internal static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        PropertyNameCaseInsensitive = false,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        NumberHandling = JsonNumberHandling.Strict,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
    };

    private static readonly JsonDocumentOptions DocumentOptions = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Reads and checks a policy. With errors the policy is null; each error names the key, the value and what is allowed.</summary>
    public static (ScoringPolicy? Policy, IReadOnlyList<string> Errors) Parse(ReadOnlySpan<byte> utf8Json)
    {
        ScoringPolicy? policy;
        try
        {
            policy = JsonSerializer.Deserialize<ScoringPolicy>(utf8Json, Options);
        }
        catch (JsonException e)
        {
            return (null, [Describe(e, utf8Json)]);
        }
        if (policy is null)
            return (null, ["policy: is null; expected an object"]);
        IReadOnlyList<string> errors = PolicyValidation.Check(policy);
        return (errors.Count == 0 ? policy : null, errors);
    }

    /// <summary>The policy as indented JSON.</summary>
    public static string Format(ScoringPolicy policy) => JsonSerializer.Serialize(policy, Options) + "\n";

    // The serializer's own message names a .NET type; the reader wrote JSON and wants to see what is wrong with it.
    private static string Describe(JsonException error, ReadOnlySpan<byte> utf8Json)
    {
        string key = error.Path is null or "$" ? "policy" : error.Path.Replace("$.", "", StringComparison.Ordinal);
        JsonNode? root;
        try
        {
            root = JsonNode.Parse(utf8Json, documentOptions: DocumentOptions);
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return $"policy: line {error.LineNumber + 1}: {error.Message}";
        }
        string? allowed = PolicySchema.Allowed(key);
        if (allowed is null)
            return $"{key}: is not a key of the policy, or stands there twice; allowed in its place: {PolicySchema.KeysBeside(key)}";
        return $"{key}: the value {PolicySchema.Find(root, key)?.ToJsonString() ?? "null"} cannot be used; allowed: {allowed}";
    }
}
