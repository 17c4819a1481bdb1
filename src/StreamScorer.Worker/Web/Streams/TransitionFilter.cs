using Microsoft.Extensions.Primitives;
using StreamScorer.Engine.Publish;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Tiers;

namespace StreamScorer.Worker.Web.Streams;

/// <summary>Which transitions somebody wants: of each list that is not empty one must match.</summary>
public sealed record TransitionFilter
{
    /// <summary>Everything.</summary>
    public static readonly TransitionFilter All = new();

    /// <summary>Directions that can be asked for.</summary>
    public static readonly IReadOnlyList<string> AllowedDirections = [.. Enum.GetValues<TierDirection>().Select(OutboxFormatter.DirectionName)];

    /// <summary>Causes that can be asked for.</summary>
    public static readonly IReadOnlyList<string> AllowedCauses = [.. Enum.GetValues<TransitionCause>().Select(OutboxFormatter.CauseName)];

    /// <summary>Tiers, of any scheme, that can be asked for.</summary>
    public static readonly IReadOnlyList<string> AllowedTiers =
        [.. TierSchemes.BuildAll(new SchemesPolicy()).SelectMany(scheme => scheme.Tiers).Append(TierScheme.NoTier).Distinct()];

    /// <summary>Customer ids.</summary>
    public IReadOnlySet<string> Customers { get; init; } = new HashSet<string>();

    /// <summary>Scheme names.</summary>
    public IReadOnlySet<string> Schemes { get; init; } = new HashSet<string>();

    /// <summary>Tiers after the transition.</summary>
    public IReadOnlySet<string> Tiers { get; init; } = new HashSet<string>();

    /// <summary>Directions.</summary>
    public IReadOnlySet<string> Directions { get; init; } = new HashSet<string>();

    /// <summary>Causes.</summary>
    public IReadOnlySet<string> Causes { get; init; } = new HashSet<string>();

    /// <summary>Builds a filter; each error names the field, the value and what is allowed.</summary>
    /// <param name="values">The values of a field, by its name: <c>customer scheme tier direction cause</c>.</param>
    /// <param name="errors">What is wrong.</param>
    public static TransitionFilter Read(Func<string, StringValues> values, ICollection<string> errors)
    {
        return new TransitionFilter
        {
            Customers = values("customer").OfType<string>().Where(id => id.Length > 0).ToHashSet(StringComparer.Ordinal),
            Schemes = Chosen("scheme", TierSchemes.Names),
            Tiers = Chosen("tier", AllowedTiers),
            Directions = Chosen("direction", AllowedDirections),
            Causes = Chosen("cause", AllowedCauses),
        };

        HashSet<string> Chosen(string field, IReadOnlyCollection<string> allowed)
        {
            var chosen = new HashSet<string>(StringComparer.Ordinal);
            foreach (string value in values(field).OfType<string>())
            {
                if (allowed.Contains(value))
                    chosen.Add(value);
                else
                    errors.Add($"{field} = {value}: allowed is {string.Join(", ", allowed)}");
            }
            return chosen;
        }
    }

    /// <summary>Whether an item is wanted. Erasures are, whatever the scheme: who keeps something of a customer must hear of it.</summary>
    public bool Matches(FeedItem item) =>
        (Customers.Count == 0 || Customers.Contains(item.CustomerId))
        && (item.Kind == FeedItemKind.Erasure
            || (Fits(Schemes, item.Scheme) && Fits(Tiers, item.Tier) && Fits(Directions, item.Direction) && Fits(Causes, item.Cause)));

    private static bool Fits(IReadOnlySet<string> wanted, string value) => wanted.Count == 0 || wanted.Contains(value);
}
