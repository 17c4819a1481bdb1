using StreamScorer.Scoring.Policy;
using StreamScorer.Worker.Configuration;

namespace StreamScorer.Worker.Hosting;

/// <summary>Reads the scoring policy.</summary>
public static class PolicyLoader
{
    /// <summary>The policy that ships, relative to the working directory or beside the program.</summary>
    public const string DefaultFile = "config/scoring-policy.json";

    /// <summary>The rules of <paramref name="policyFile"/>; of the policy that ships when empty; of the built-in defaults when there is none.</summary>
    /// <exception cref="OptionsException">It cannot be read or is not valid; every error names key, value and what is allowed.</exception>
    public static ScoringRules Load(string policyFile)
    {
        string? path = policyFile.Length > 0 ? policyFile : DefaultPaths.Find(DefaultFile);
        return new ScoringRules(path is null ? new ScoringPolicy() : Read(path));
    }

    private static ScoringPolicy Read(string path)
    {
        byte[] json;
        try
        {
            json = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OptionsException([$"policy {path}: {e.Message}"]);
        }
        (ScoringPolicy? policy, IReadOnlyList<string> errors) = PolicyFile.Parse(json);
        return policy ?? throw new OptionsException([.. errors.Select(error => $"policy {path}: {error}")]);
    }
}
