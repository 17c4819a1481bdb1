using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Tiers;
using StreamScorer.Scoring.Tiers.Schemes;

namespace StreamScorer.Scoring.Strategies;

/// <summary>Reads <c>strategies.json</c>: sources by their letters, and strategies. Unknown keys and names are errors.</summary>
public static class StrategyFile
{
    private static readonly JsonSerializerOptions options = new(JsonSerializerDefaults.Web)
    {
        PropertyNameCaseInsensitive = false,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
    };

    /// <summary>Reads and checks the strategies. With errors the book is null; each error names the strategy, the value and what is allowed.</summary>
    public static (StrategyBook? Book, IReadOnlyList<string> Errors) Parse(ReadOnlySpan<byte> utf8Json)
    {
        Document? document;
        try
        {
            document = JsonSerializer.Deserialize<Document>(utf8Json, options);
        }
        catch (JsonException e)
        {
            return (null, [$"{e.Path ?? "strategies"}: line {e.LineNumber + 1}: {e.Message.Split(" Path:")[0]} Stages, directions and flags are written as in "
                + $"{Names<LifecycleStage>()}; {Names<TierDirection>()}; {Names<TransitionFlags>()}."]);
        }
        if (document is null)
            return (null, ["strategies: is null; expected an object"]);
        IReadOnlyList<TierScheme> schemes = TierSchemes.BuildAll(new SchemesPolicy());
        string[] tiers = [.. schemes.SelectMany(scheme => scheme.Tiers.Select(tier => $"{scheme.Name}.{tier}"))];
        string[] errors = [.. Violations(document, tiers)];
        return errors.Length == 0 ? (new StrategyBook(document.Sources, document.Strategies, schemes), []) : (null, errors);
    }

    private static IEnumerable<string> Violations(Document document, string[] tiers)
    {
        foreach (Strategy strategy in document.Strategies)
        {
            foreach (string tier in strategy.Tiers.Except(tiers))
                yield return $"{strategy.Id}: tiers: '{tier}' is not a tier; allowed: {string.Join(", ", tiers)}";
            if (strategy.Advice.IsEmpty)
                yield return $"{strategy.Id}: advice: is empty; at least one is needed";
            foreach (Advice advice in strategy.Advice)
            {
                if (advice.English.Length == 0 || advice.Chinese.Length == 0)
                    yield return $"{strategy.Id}: advice: english '{advice.English}' and chinese '{advice.Chinese}' must both have a text";
                if (!document.Sources.ContainsKey(advice.Source))
                    yield return $"{strategy.Id}: advice: source '{advice.Source}' is not in the list of sources; allowed: {string.Join(", ", document.Sources.Keys)}";
            }
        }
        foreach (string id in document.Strategies.CountBy(strategy => strategy.Id).Where(count => count.Value > 1).Select(count => count.Key))
            yield return $"{id}: the id stands there more than once; each strategy needs one of its own";
        // A tier's own strategy: without it, the tier would have advice only in some stages.
        foreach (string tier in tiers.Except(document.Strategies.Where(strategy => strategy.Specificity == 4).SelectMany(strategy => strategy.Tiers)))
            yield return $"{tier}: has no strategy without further conditions; every tier needs one";
        if (document.Strategies.Count(strategy => strategy.Specificity == 0) != 1)
            yield return "strategies: exactly one without any condition is needed, for everything else";
    }

    private static string Names<T>() where T : struct, Enum =>
        string.Join(", ", Enum.GetNames<T>().Select(JsonNamingPolicy.KebabCaseLower.ConvertName));

    private sealed record Document(ImmutableSortedDictionary<string, string> Sources, ImmutableArray<Strategy> Strategies);
}
