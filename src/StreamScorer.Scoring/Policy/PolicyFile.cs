using System.Text.Json;
using System.Text.Json.Serialization;

namespace StreamScorer.Scoring.Policy;

/// <summary>Reads and writes the policy as JSON with camel-case keys. Unknown keys are errors.</summary>
public static class PolicyFile
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.Strict,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        WriteIndented = true,
    };

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
            return (null, [$"{e.Path ?? "policy"}: {e.Message}"]);
        }
        if (policy is null)
            return (null, ["policy: is null; expected an object"]);
        IReadOnlyList<string> errors = PolicyValidation.Check(policy);
        return (errors.Count == 0 ? policy : null, errors);
    }

    /// <summary>The policy as indented JSON.</summary>
    public static string Format(ScoringPolicy policy) => JsonSerializer.Serialize(policy, Options) + "\n";
}
