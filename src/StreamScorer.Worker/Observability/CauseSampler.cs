using System.Diagnostics;
using OpenTelemetry.Trace;

namespace StreamScorer.Worker.Observability;

/// <summary>
/// Traces what its causes are traced for: a transition as its event was, a batch when any of its events was. Batches without such a cause by a share of trace ids.
/// </summary>
/// <param name="ratio">That share, 0 to 1.</param>
internal sealed class CauseSampler(double ratio) : Sampler
{
    private readonly TraceIdRatioBasedSampler share = new(ratio);

    /// <inheritdoc/>
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
    {
        if (samplingParameters.ParentContext.TraceId != default)
            return Of(samplingParameters.ParentContext);
        foreach (ActivityLink link in samplingParameters.Links ?? [])
            if ((link.Context.TraceFlags & ActivityTraceFlags.Recorded) != 0)
                return new SamplingResult(SamplingDecision.RecordAndSample);
        return share.ShouldSample(samplingParameters);
    }

    private static SamplingResult Of(ActivityContext parent) =>
        new((parent.TraceFlags & ActivityTraceFlags.Recorded) != 0 ? SamplingDecision.RecordAndSample : SamplingDecision.Drop);
}
