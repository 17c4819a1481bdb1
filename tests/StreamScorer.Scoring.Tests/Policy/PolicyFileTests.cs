using System.Text;
using StreamScorer.Scoring.Policy;
using Xunit;

namespace StreamScorer.Scoring.Tests.Policy;

/// <summary>The policy file: defaults, schema, and errors that a person can act on.</summary>
public sealed class PolicyFileTests
{
    [Fact]
    public void The_shipped_policy_is_the_defaults() => Golden.Matches("config/scoring-policy.json", PolicyFile.Format(new ScoringPolicy()));

    [Fact]
    public void The_shipped_schema_is_that_of_the_code() => Golden.Matches("config/schemas/scoring-policy.schema.json", PolicySchema.Format());

    [Fact]
    public void What_is_written_is_read_back()
    {
        (ScoringPolicy? read, IReadOnlyList<string> errors) = PolicyFile.Parse(Golden.Read("config/scoring-policy.json"));
        Assert.Empty(errors);
        Assert.Equal(PolicyFile.Format(new ScoringPolicy()), PolicyFile.Format(read!));
    }

    [Fact]
    public void Keys_left_out_have_their_defaults() => Assert.Equal(3, Parse("""{"version": 7}""").Policy!.Value.HorizonYears);

    [Theory]
    [InlineData("""{"value":{"horizonYears":0.1}}""", "value.horizonYears: 0.1 is out of range; allowed: 0.25 to 50")]
    [InlineData("""{"value":{"horizonYears":"long"}}""", "value.horizonYears: the value \"long\" cannot be used; allowed: a number from 0.25 to 50")]
    [InlineData("""{"schemes":{"absolute":{"bounds":[2,1]}}}""", "schemes.absolute.bounds: 2 values; exactly 3 are needed")]
    [InlineData("""{"schemes":{"absolute":{"bounds":[30,40,5]}}}""", "schemes.absolute.bounds[1]: 40 must be below the one before it, 30")]
    [InlineData("""{"schemes":{"churn":{"bounds":[0.5,1.5]}}}""", "schemes.churn.bounds[1]: 1.5 is out of range; allowed: 0 to 1")]
    [InlineData("""{"schemes":{"valueGrowth":{"current":{"bandShare":2}}}}""", "schemes.valueGrowth.current.bandShare: 2 is out of range; allowed: 0 to 0.9")]
    [InlineData("""{"schemes":{"cycleTicket":{"cuts":"halves"}}}""",
        "schemes.cycleTicket.cuts: the value \"halves\" cannot be used; allowed: [\"absolute\",\"terciles\"]")]
    [InlineData("""{"schemes":{"badge":"gold"}}""", "schemes.badge: 'gold' is not a scheme; allowed: pyramid, absolute, relative-value, value-growth, "
        + "cycle-ticket, value-response, value-loyalty, function, rfm, pareto, churn, lifecycle")]
    [InlineData("""{"schemes":{"pyramid":{"enabled":false}}}""", "schemes.badge: 'pyramid' is switched off; the badge needs a scheme that runs")]
    [InlineData("""{"value":{"slowHalfLifeDays":100}}""", "value.slowHalfLifeDays: 100 must be at least twice value.fastHalfLifeDays (60)")]
    [InlineData("""{"schemes":{"lifecycle":{"declineAliveBelow":0.7}}}""", "schemes.lifecycle: 0 < exitedAliveBelow (0.3) < declineAliveBelow (0.7) < b/(a+b) "
        + "(0.644311) must hold, else newcomers are born in decline")]
    [InlineData("""{"businessTimeZone":"Moon/Base"}""", "businessTimeZone: 'Moon/Base' is not a known IANA time zone, such as UTC or Asia/Shanghai")]
    [InlineData("""{"baseCurrency":"$US"}""", "baseCurrency: '$US' must be a three-letter ISO 4217 code, such as USD")]
    [InlineData("""{"degrees":{"attitudeWeights":[0,0,0]}}""", "degrees.attitudeWeights: all are 0; one must be above 0")]
    public void An_error_names_key_value_and_what_is_allowed(string json, string error) => Assert.Equal([error], Parse(json).Errors);

    [Fact]
    public void Several_errors_are_told_at_once() =>
        Assert.Equal(3, Parse("""{"value":{"horizonYears":0,"discountRatePerYear":-1},"model":{"k":9}}""").Errors.Count);

    [Theory]
    [InlineData("""{"valu":{}}""", "valu: is not a key of the policy, or stands there twice; allowed in its place: version, ")]
    [InlineData("""{"schemes":{"rfm":{"quintiles":5}}}""", "schemes.rfm.quintiles: is not a key of the policy, or stands there twice; allowed in its place: ")]
    [InlineData("""{"value":null}""", "value: the value null cannot be used; allowed: \"object\"")]
    [InlineData("""{"version":1""", "policy: line 1: ")]
    [InlineData("null", "policy: is null; expected an object")]
    public void What_is_not_a_policy_is_refused(string json, string beginning)
    {
        (ScoringPolicy? policy, IReadOnlyList<string> errors) = Parse(json);
        Assert.Null(policy);
        Assert.StartsWith(beginning, Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_number_of_the_policy_has_a_range()
    {
        var without = new List<string>();
        Walk("", typeof(ScoringPolicy), without);
        Assert.Empty(without);
    }

    private static void Walk(string path, Type type, List<string> without)
    {
        foreach (System.Reflection.PropertyInfo property in type.GetProperties().Where(p => p.Name != "EqualityContract"))
        {
            Type value = property.PropertyType;
            bool isNumber = value == typeof(double) || value == typeof(int) || value == typeof(long)
                || value == typeof(System.Collections.Immutable.ImmutableArray<double>);
            if (isNumber && !property.IsDefined(typeof(PolicyRangeAttribute), false))
                without.Add(path + property.Name);
            else if (value.Namespace == type.Namespace && value.IsClass)
                Walk($"{path}{property.Name}.", value, without);
        }
    }

    private static (ScoringPolicy? Policy, IReadOnlyList<string> Errors) Parse(string json) => PolicyFile.Parse(Encoding.UTF8.GetBytes(json));
}
