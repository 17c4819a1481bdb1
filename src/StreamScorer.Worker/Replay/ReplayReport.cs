using System.Text.Json.Serialization;

namespace StreamScorer.Worker.Replay;

/// <summary>What came of a replay; the JSON of <c>--json</c>.</summary>
public sealed record ReplayReport
{
    /// <summary>Records of the file that the engine consumed: applied + duplicates + dead-lettered (+ erasures).</summary>
    public required long Events { get; init; }

    /// <summary>Events that changed a customer.</summary>
    public required long Applied { get; init; }

    /// <summary>Events whose id had been seen.</summary>
    public required long Duplicates { get; init; }

    /// <summary>Records that could not be used.</summary>
    public required long DeadLettered { get; init; }

    /// <summary>Customers at the end.</summary>
    public required long Customers { get; init; }

    /// <summary>Revenue less refunds, exact, rounded to two decimals, base currency.</summary>
    public required decimal Revenue { get; init; }

    /// <summary>Published transitions and notices.</summary>
    public required long Transitions { get; init; }

    /// <summary>The same by cause.</summary>
    public required IReadOnlyDictionary<string, long> ByCause { get; init; }

    /// <summary>Customers by tier, best first, by scheme.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyDictionary<string, long>> Schemes { get; init; }

    /// <summary>Share of net revenue of the top 1, 5 and 20 % of customers by net revenue; the number of customers is rounded to the nearest.</summary>
    public required IReadOnlyDictionary<string, double> ShareOfTop { get; init; }

    /// <summary>Commutative sum of one hash per customer (<see cref="CustomerDigest"/>), 32 hex digits.</summary>
    public required string Digest { get; init; }

    /// <summary>From opening the file until everything was applied and published, seconds.</summary>
    public required double ElapsedSeconds { get; init; }

    /// <summary><see cref="Events"/> / <see cref="ElapsedSeconds"/>.</summary>
    public required double EventsPerSecond { get; init; }
}

/// <summary>JSON of the report.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ReplayReport))]
internal sealed partial class ReplayJson : JsonSerializerContext;
