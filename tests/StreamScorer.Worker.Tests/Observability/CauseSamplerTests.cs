using System.Diagnostics;
using OpenTelemetry.Trace;
using StreamScorer.Worker.Observability;

namespace StreamScorer.Worker.Tests.Observability;

public sealed class CauseSamplerTests
{
    private static readonly ActivityContext traced = Context(ActivityTraceFlags.Recorded), untraced = Context(ActivityTraceFlags.None);

    [Fact]
    public void A_transition_is_traced_as_its_event_was_whatever_the_ratio()
    {
        Assert.Equal(SamplingDecision.RecordAndSample, Decide(0, traced));
        Assert.Equal(SamplingDecision.Drop, Decide(1, untraced));
    }

    [Fact]
    public void A_batch_is_traced_when_one_of_its_events_was()
    {
        Assert.Equal(SamplingDecision.RecordAndSample, Decide(0, default, untraced, traced));
        Assert.Equal(SamplingDecision.Drop, Decide(0, default, untraced));
    }

    [Fact]
    public void A_batch_without_traced_events_is_traced_by_the_ratio()
    {
        Assert.Equal(SamplingDecision.RecordAndSample, Decide(1, default));
        int traced = Enumerable.Range(0, 2_000).Count(_ => Decide(0.25, default) == SamplingDecision.RecordAndSample);
        Assert.InRange(traced, 350, 650);
    }

    private static SamplingDecision Decide(double ratio, ActivityContext parent, params ActivityContext[] links) =>
        new CauseSampler(ratio).ShouldSample(new SamplingParameters(
            parent, ActivityTraceId.CreateRandom(), "batch", ActivityKind.Consumer, null, links.Select(context => new ActivityLink(context)))).Decision;

    private static ActivityContext Context(ActivityTraceFlags flags) => new(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), flags);
}
