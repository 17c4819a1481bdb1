using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Tests.Tiers;
using StreamScorer.Scoring.Tiers;
using Xunit;

namespace StreamScorer.Scoring.Tests.Policy;

/// <summary>Who would change tier under another policy.</summary>
public sealed class PolicySimulationTests
{
    private const string Now = "2024-02-01";

    // After a month 6 % of the amounts have decayed, and some 70 of future are added: about 80, 130, 180, 640 and 1960.
    private static readonly double[] amounts = [10, 60, 120, 600, 2000];

    [Fact]
    public void The_same_policy_moves_nobody()
    {
        (PolicySimulation simulation, List<SimulatedMove> moves) = Run(TestCustomer.DefaultRules);
        Assert.Empty(moves);
        Assert.All(simulation.Matrices, matrix => Assert.Equal((5, 0), (matrix.Total, matrix.Moved)));
    }

    [Fact]
    public void Other_bounds_move_customers_up_and_down()
    {
        var policy = new ScoringPolicy();
        policy = policy with { Schemes = policy.Schemes with { Absolute = policy.Schemes.Absolute with { Bounds = [400, 150, 100] } } };
        (PolicySimulation simulation, List<SimulatedMove> moves) = Run(new ScoringRules(policy));
        Assert.Equal(["silver bronze", "silver gold", "gold platinum"], moves.Select(m => $"{m.Scheme.TierName(m.From)} {m.Scheme.TierName(m.To)}"));
        TransitionMatrix absolute = simulation.Matrices[(int)SchemeId.Absolute];
        // By tier numbers: silver is 3. One silver and the platinum customer stay.
        Assert.Equal((1, 1, 1, 1, 1, 3), (absolute[3, 4], absolute[3, 2], absolute[2, 1], absolute[3, 3], absolute[1, 1], absolute.Moved));
    }

    [Fact]
    public void Relative_schemes_are_compared_against_the_population_itself()
    {
        var policy = new ScoringPolicy();
        policy = policy with { Schemes = policy.Schemes with { MinPopulation = 5 } };
        (PolicySimulation simulation, _) = Run(new ScoringRules(policy));
        TransitionMatrix pyramid = simulation.Matrices[(int)SchemeId.Pyramid];
        // Five customers are below the default minimum of 100, so all come from unranked; the top 20 % of five is one.
        Assert.Equal(5, pyramid.Moved);
        Assert.Equal(4, pyramid[0, 4]);
    }

    [Fact]
    public void A_scheme_that_is_switched_off_leaves_everybody_unranked()
    {
        var policy = new ScoringPolicy();
        policy = policy with { Schemes = policy.Schemes with { Churn = policy.Schemes.Churn with { Enabled = false } } };
        (PolicySimulation simulation, List<SimulatedMove> moves) = Run(new ScoringRules(policy));
        Assert.All(moves, move => Assert.Equal((SchemeId.Churn, 0), (move.Scheme.Id, move.To)));
        Assert.Equal(5, simulation.Matrices[(int)SchemeId.Churn].Moved);
    }

    private static (PolicySimulation Simulation, List<SimulatedMove> Moves) Run(ScoringRules tried)
    {
        var simulation = new PolicySimulation(TestCustomer.DefaultRules, tried, TestCustomer.Ms(Now));
        TestCustomer[] customers = [.. amounts.Select(amount => new TestCustomer(TestCustomer.DefaultRules).Purchase("2024-01-01", amount))];
        var moves = new List<SimulatedMove>();
        foreach (TestCustomer customer in customers)
            simulation.Measure(in customer.State, in customer.Cold);
        foreach (TestCustomer customer in customers)
            simulation.Compare(in customer.State, in customer.Cold, moves);
        return (simulation, moves);
    }
}
