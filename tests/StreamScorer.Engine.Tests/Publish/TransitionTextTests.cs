using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Processing;
using StreamScorer.Engine.Publish;
using StreamScorer.Engine.Source;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Tiers;
using StreamScorer.Scoring.Tiers.Schemes;

namespace StreamScorer.Engine.Tests.Publish;

/// <summary>
/// A transition is the text that a general JSON writer makes of the same fields, to the byte, and its id and headers are plain strings of them: what a consumer
/// has read once must not change.
/// </summary>
public sealed class TransitionTextTests
{
    private const long TriggerMs = 1_700_000_000_123;
    private static readonly ScoringRules rules = new(new ScoringPolicy());
    private static readonly OutboxFormatter formatter = new("transactions", 3, rules, new EngineOptions());

    [Fact]
    public void Equals_what_a_general_writer_makes_of_it()
    {
        Gen<double> numbers = Gen.OneOf(
            Gen.Choose(0, 1_000_000).Select(millionths => millionths / 1e6),
            Gen.Choose(int.MinValue, int.MaxValue).Select(cents => cents / 100.0),
            from digits in Gen.Choose(int.MinValue, int.MaxValue)
            from exponent in Gen.Choose(-20, 20)
            select digits * Math.Pow(10, exponent));
        Gen<string> ids = Gen.OneOf(Gen.Choose(0, int.MaxValue).Select(n => $"c{n}"), Gen.Elements("Łódź", "a\"b<c>&'", "😀", "a\\/b", new string('x', 200)));
        Gen<Sample> samples =
            from id in ids
            from eventId in ids
            from scheme in Gen.Elements(rules.Schemes.ToArray())
            from tiers in Gen.Two(Gen.Choose(0, scheme.Tiers.Count))
            from direction in Gen.Elements(Enum.GetValues<TierDirection>())
            from cause in Gen.Elements(Enum.GetValues<TransitionCause>())
            from axis in Gen.Elements(null, new TierAxis(AxisSignal.CustomerValue), new TierAxis(AxisSignal.ChurnRisk, LowerIsBetter: true))
            from values in Gen.Four(Gen.OneOf(numbers, Gen.Elements(0.0, -0.0, 1e-4, 99999999.99995, 0.99999951)))
            from averts in Gen.Elements(values.Item4, double.PositiveInfinity)
            from flags in Gen.Choose(0, (1 << TransitionFlagsOf.Names.Count) - 1)
            from at in Gen.Choose(0, int.MaxValue)
            from offset in Gen.Elements(-1, 0, 42, long.MaxValue)
            from traceParent in Gen.Elements(null, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
            select new Sample(id, eventId, new TransitionTrigger(offset, TriggerMs) { TraceParent = traceParent }, new TierChange
            {
                Scheme = scheme.Id,
                From = (byte)tiers.Item1,
                To = (byte)tiers.Item2,
                Direction = direction,
                Cause = cause,
                Sequence = at / 7,
                AtMs = at * 900L,
                DropMs = at * 901L,
                AvertAxis = axis,
                AvertValue = averts,
                Stage = (LifecycleStage)(at % 5),
                Flags = (TransitionFlags)flags,
                StrategyId = id.Length % 2 == 0 ? "keep" : "win \"back\"",
                CustomerValue = values.Item1,
                ChurnRisk = values.Item2,
                AliveProbability = values.Item3,
            });
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2_000), Prop.ForAll(samples.ToArbitrary(), sample =>
        {
            OutboxEntry entry = formatter.Transition(
                5, 0x1f, Encoding.UTF8.GetBytes(sample.CustomerId), sample.Change,
                Encoding.UTF8.GetBytes(sample.EventId), sample.Trigger);
            Assert.Equal(Id(sample), entry.Id);
            Assert.Equal(Headers(sample), RecordHeaders.Unpack(entry.Headers).Select(header => $"{header.Key}={Encoding.UTF8.GetString(header.Value!)}"));
            Assert.Equal(General(sample), Encoding.UTF8.GetString(entry.Value!));
        }));
    }

    private static TierScheme Scheme(Sample sample) => rules.Schemes.First(each => each.Id == sample.Change.Scheme);

    // Who, in which scheme, what caused it, and from where to where; a notice says that it is one.
    private static string Id(Sample sample)
    {
        TierChange change = sample.Change;
        string cause = change.Cause switch
        {
            TransitionCause.Event => $"000000000000001f.3.{sample.Trigger.Offset}",
            TransitionCause.Silence => $"s{change.AtMs}",
            TransitionCause.Recalibration => $"r{change.AtMs}",
            _ => "p1",
        };
        string notice = change.Direction switch { TierDirection.DropPending => ":drop-pending", TierDirection.DropAverted => ":drop-averted", _ => "" };
        return $"{Scheme(sample).Name}:{sample.CustomerId}:{cause}:{Scheme(sample).TierName(change.From)}-{Scheme(sample).TierName(change.To)}{notice}";
    }

    private static IEnumerable<string> Headers(Sample sample) => [
        $"id={Id(sample)}", "outbox-seq=5", "incarnation=000000000000001f", $"scheme={Scheme(sample).Name}",
        $"direction={OutboxFormatter.DirectionName(sample.Change.Direction)}", "source-topic=transactions", "source-partition=3",
        .. sample.Trigger.Offset < 0 ? [] : (string[])[$"source-offset={sample.Trigger.Offset}"],
        .. sample.Trigger.TraceParent is { } traceParent ? (string[])[$"traceparent={traceParent}"] : []];

    private static string General(Sample sample)
    {
        TierChange change = sample.Change;
        TierScheme scheme = Scheme(sample);
        var text = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(text);
        json.WriteStartObject();
        json.WriteString("specversion", "1.0");
        json.WriteString("id", Id(sample));
        json.WriteString("source", "/streamscorer/transactions/3");
        json.WriteString("type", OutboxFormatter.TransitionType);
        json.WriteString("subject", sample.CustomerId);
        json.WriteString("time", Time(change.AtMs));
        json.WriteString("datacontenttype", "application/json");
        json.WriteStartObject("data");
        json.WriteString("customerId", sample.CustomerId);
        json.WriteString("scheme", scheme.Name);
        json.WriteString("from", scheme.TierName(change.From));
        json.WriteString("to", scheme.TierName(change.To));
        json.WriteString("direction", OutboxFormatter.DirectionName(change.Direction));
        json.WriteString("cause", OutboxFormatter.CauseName(change.Cause));
        json.WriteNumber("sequence", change.Sequence);
        json.WriteString("effectiveTime", Time(change.AtMs));
        if (change.Cause == TransitionCause.Event)
        {
            json.WriteString("eventId", sample.EventId);
            json.WriteString("eventTime", Time(TriggerMs));
        }
        if (change.Direction == TierDirection.DropPending)
            json.WriteString("dropTime", Time(change.DropMs));
        if (change is { Direction: TierDirection.DropPending, AvertAxis: { } axis } && double.IsFinite(change.AvertValue))
        {
            json.WriteStartObject("avertedBy");
            json.WriteString("signal", axis.Signal);
            json.WriteNumber(axis.LowerIsBetter ? "atMost" : "atLeast", Math.Round(change.AvertValue, 6));
            json.WriteEndObject();
        }
        if (scheme.GroupOf(change.To) is { } group)
            json.WriteString("group", group);
        json.WriteString("stage", rules.Stages.TierName((int)change.Stage));
        json.WriteString("strategy", change.StrategyId);
        json.WriteStartArray("flags");
        foreach (string flag in TransitionFlagsOf.NamesOf(change.Flags))
            json.WriteStringValue(flag);
        json.WriteEndArray();
        json.WriteStartObject("signals");
        json.WriteNumber("customerValue", Math.Round(change.CustomerValue, 4));
        json.WriteNumber("churnRisk", Math.Round(change.ChurnRisk, 6));
        json.WriteNumber("aliveProbability", Math.Round(change.AliveProbability, 6));
        json.WriteEndObject();
        json.WriteNumber("policyVersion", rules.Policy.Version);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    private static string Time(long unixMs) =>
        DateTimeOffset.FromUnixTimeMilliseconds(unixMs).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private sealed record Sample(string CustomerId, string EventId, TransitionTrigger Trigger, TierChange Change);
}
