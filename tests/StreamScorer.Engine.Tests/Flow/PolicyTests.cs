using System.Text;
using System.Text.Json;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Publish;
using StreamScorer.Scoring;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Populations;
using StreamScorer.Scoring.State;
using StreamScorer.Scoring.Tiers;
using StreamScorer.Testing.Log;
using StreamScorer.Testing.State;

namespace StreamScorer.Engine.Tests;

/// <summary>Another policy comes into force between two commits, re-scores everybody once, and cannot reach over what the state was built with.</summary>
public sealed class PolicyTests
{
    private const int Customers = 40;

    private static readonly ScoringPolicy present = EngineRun.Rules.Policy;

    private static readonly ScoringRules next = new(present with
    {
        Version = 2,
        Schemes = present.Schemes with { Absolute = present.Schemes.Absolute with { Bounds = [20_000, 9_000, 1_500] } },
    });

    public static TheoryData<string, ScoringPolicy> Refused => new()
    {
        { "raise `version`", present with { Version = 1, Model = present.Model with { R = 0.6 } } },
        { "start with --rebuild", present with { Version = 2, Value = present.Value with { ProfitHalfLifeDays = 100 } } },
        { "Restart the worker", present with { Version = 2, Schemes = present.Schemes with { Badge = "absolute" } } },
    };

    [Fact]
    public async Task A_policy_activated_between_two_commits_rescores_everybody_and_marks_every_transition()
    {
        (EngineRun run, PolicyActivation activation) = await RaisedAsync();

        Assert.Equal(PolicyOutcome.Accepted, activation.Outcome);
        long[] versions = [.. run.Transitions().Select(transition => transition.GetProperty("policyVersion").GetInt64())];
        Assert.Equal([1, 2], versions.Distinct());
        Assert.Equal(versions.Order(), versions);
        JsonElement[] byPolicy = [.. run.Transitions().Where(transition => transition.GetProperty("cause").GetString() == "policy")];
        Assert.NotEmpty(byPolicy);
        Assert.All(byPolicy, transition => Assert.Equal(2, transition.GetProperty("policyVersion").GetInt64()));
        PartitionMeta meta = await run.MetaAsync();
        Assert.Equal((2, 2), (meta.PolicyVersion, meta.AssessedPolicyVersion));
        Assert.Equal(0, await MovedByAsync(run, next));
        Assert.NotEqual(0, await MovedByAsync(run, EngineRun.Rules));
    }

    [Theory]
    [InlineData(CommitFault.LostRequest)]
    [InlineData(CommitFault.LostReply)]
    public async Task A_rescoring_that_breaks_off_goes_on_and_tells_nothing_twice(CommitFault fault)
    {
        (EngineRun undisturbed, _) = await RaisedAsync();
        (EngineRun disturbed, _) = await RaisedAsync(fault);

        Assert.Contains(CommitOutcome.Unknown, disturbed.Outcomes);
        Assert.Equal(2, (await disturbed.MetaAsync()).AssessedPolicyVersion);
        string[] ids = Ids(disturbed);
        Assert.Equal(ids.Distinct().Count(), ids.Length);
        Assert.Equal(Ids(undisturbed).Order(StringComparer.Ordinal), ids.Order(StringComparer.Ordinal));
        Assert.Equal(0, await MovedByAsync(disturbed, next));
    }

    [Fact]
    public async Task A_worker_that_starts_with_a_newer_policy_rescores_what_an_older_one_has_left()
    {
        EngineRun before = await HistoryAsync(new EngineRun());
        EngineRun after = before.Again(rules: next);
        after.Clock("2025-12-20T00:00:00Z");
        await after.ToEndAsync();

        Assert.Equal(2, (await after.MetaAsync()).AssessedPolicyVersion);
        Assert.Contains(after.Transitions(), transition => transition.GetProperty("cause").GetString() == "policy");
        Assert.Equal(0, await MovedByAsync(after, next));
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task What_cannot_change_in_a_running_worker_is_refused_with_the_fix(string fix, ScoringPolicy policy)
    {
        (EngineRun run, PolicyActivation activation) = await RaisedAsync(rules: new ScoringRules(policy));

        Assert.Equal(PolicyOutcome.Refused, activation.Outcome);
        Assert.Contains(fix, activation.Refusal, StringComparison.Ordinal);
        Assert.Equal(1, (await run.MetaAsync()).PolicyVersion);
    }

    [Fact]
    public async Task The_policy_in_force_changes_nothing()
    {
        (_, PolicyActivation activation) = await RaisedAsync(rules: EngineRun.Rules);
        Assert.Equal(PolicyOutcome.Unchanged, activation.Outcome);
    }

    [Fact]
    public async Task Before_the_engine_is_connected_only_the_policy_of_the_start_is_taken()
    {
        var run = new EngineRun();
        await using InMemoryLogMember member = run.Log.Connect();
        var engine = new StreamEngine(member, run.Store, member, EngineRun.Rules, run.Options, run);

        Assert.Equal(PolicyOutcome.Unchanged, (await engine.ActivatePolicyAsync(EngineRun.Rules, CancellationToken.None)).Outcome);
        Assert.Equal(PolicyOutcome.Refused, (await engine.ActivatePolicyAsync(next, CancellationToken.None)).Outcome);
    }

    [Fact]
    public async Task A_start_with_other_content_under_a_stored_version_is_refused()
    {
        EngineRun run = await HistoryAsync(new EngineRun());
        var other = new ScoringRules(present with { Model = present.Model with { R = 0.6 } });
        var failure = await Assert.ThrowsAsync<StateStoreException>(() => run.Again(rules: other).ToEndAsync());
        Assert.Contains("Raise `version`", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_start_with_another_half_life_needs_a_rebuild()
    {
        EngineRun run = await HistoryAsync(new EngineRun());
        var other = new ScoringRules(present with { Version = 2, Value = present.Value with { ProfitHalfLifeDays = 100 } });
        var failure = await Assert.ThrowsAsync<StateStoreException>(() => run.Again(rules: other).ToEndAsync());
        Assert.Contains("value.profitHalfLifeDays: 365 -> 100", failure.Message, StringComparison.Ordinal);
        Assert.Contains("--rebuild", failure.Message, StringComparison.Ordinal);

        EngineRun rebuilt = await run.Again(run.Options with { Rebuild = true }, other).ToEndAsync();
        Assert.Equal(2, (await rebuilt.MetaAsync()).PolicyVersion);
    }

    // The policy is offered once every customer is known; 8 re-scored customers a commit, so that it takes several.
    private static async Task<(EngineRun Run, PolicyActivation Activation)> RaisedAsync(CommitFault fault = CommitFault.None, ScoringRules? rules = null)
    {
        EngineRun? run = null;
        Task<PolicyActivation>? activation = null;
        int commits = 0, rescoring = 0;
        run = new EngineRun(options: new EngineOptions
        {
            Clock = ClockMode.Event,
            RecalibrationIntervalMs = 30 * BusinessCalendar.DayMs,
            BatchSizeMax = 8,
            PublishSchemes = ["absolute", "churn", "lifecycle"],
        })
        {
            Failures = fault == CommitFault.None ? null : [],
            Reached = step =>
            {
                if (step == EngineStep.CommitApplied && ++commits == 12)
                    activation = run!.Engine!.ActivatePolicyAsync(rules ?? next, CancellationToken.None);
            },
        };
        run.Store.Fault = (_, commit) => commit.Next.PolicyVersion == 2 && ++rescoring == 2 ? fault : CommitFault.None;
        await HistoryAsync(run);
        return (run, await activation!);
    }

    private static async Task<EngineRun> HistoryAsync(EngineRun run)
    {
        for (int i = 0; i < Customers * 6; i++)
            run.Purchase($"c{i % Customers}", $"e{i}", $"2025-{1 + i / 24:00}-{1 + i % 24:00}T10:00:00Z", 40 + 50 * (i % Customers));
        run.Clock("2025-12-10T00:00:00Z");
        return await run.ToEndAsync();
    }

    // Customers whose absolute tiers these rules would still change at the instant of their last assessment.
    private static async Task<int> MovedByAsync(EngineRun run, ScoringRules rules)
    {
        int moved = 0;
        for (int i = 0; i < Customers; i++)
        {
            StoredCustomer stored = (await run.Store.ReadCustomerAsync(0, Encoding.UTF8.GetBytes($"c{i}"), default))!;
            Assert.True(CustomerState.TryRead(stored.Hot, out CustomerState state));
            ColdState cold = default;
            Assert.True(stored.Cold.Length == 0 || ColdState.TryRead(stored.Cold, out cold));
            moved += Scorer.Assess(ref state, ref cold, state.LastAssessedMs, TransitionCause.Policy, SchemeScope.Absolute, rules, Population.None, new()) ? 1 : 0;
        }
        return moved;
    }

    private static string[] Ids(EngineRun run) =>
        [.. run.Log.Transitions(0).Where(record => record.Value is not null)
            .Select(record => JsonDocument.Parse(record.Value!).RootElement.GetProperty("id").GetString()!)];
}
