using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Tiers;
using StreamScorer.Scoring.Tiers.Schemes;

namespace StreamScorer.Engine.Publish;

/// <summary>
/// Transitions as CloudEvents 1.0 in JSON. Names and constant values are bytes that are copied, so that a transition costs a fraction of what a general writer takes for
/// its thirty fields; the text is the same to the byte. Not safe for concurrent use.
/// </summary>
internal sealed class TransitionText
{
    // Of the round-trip format, which needs no pattern to be read: yyyy-MM-ddTHH:mm:ss.fffffffZ.
    private const int RoundTripBytes = 28, MillisecondsEnd = 23;

    // Within these bounds a rounded number has at most 15 digits, which name it without doubt, and no exponent.
    private const double PlainMin = 1e-4, PlainMax = 1e8;

    // A number's sign, digits, point and exponent.
    private const int NumberBytesMax = 32;

    private static readonly byte[][] directions = [.. Enum.GetValues<TierDirection>().Select(direction => Encoded(OutboxFormatter.DirectionName(direction)))];
    private static readonly byte[][] causes = [.. Enum.GetValues<TransitionCause>().Select(cause => Encoded(OutboxFormatter.CauseName(cause)))];
    private static readonly byte[][] flags = [.. TransitionFlagsOf.Names.Select(Encoded)];
    private static readonly byte[][] signals = [.. Enum.GetValues<AxisSignal>().Select(signal => Encoded(new TierAxis(signal).Signal))];
    private static readonly long[] powersOfTen = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];

    private readonly byte[] sourceAndType, policyVersion;
    private readonly byte[][] stages;
    private readonly byte[] time = new byte[RoundTripBytes];
    private long timeMs = long.MinValue;
    private byte[] text = new byte[1024];
    private int length;

    /// <param name="source">CloudEvents source.</param>
    /// <param name="rules">The policy's rules.</param>
    public TransitionText(string source, ScoringRules rules)
    {
        sourceAndType = [.. "\",\"source\":\""u8, .. Encoded(source), .. "\",\"type\":\""u8, .. Encoded(OutboxFormatter.TransitionType), .. "\",\"subject\":\""u8];
        policyVersion = [.. "},\"policyVersion\":"u8, .. Encoded(rules.Policy.Version.ToString(CultureInfo.InvariantCulture)), .. "}}"u8];
        stages = [.. Enum.GetValues<LifecycleStage>().Select(stage => Encoded(rules.Stages.TierName((int)stage)))];
    }

    /// <summary>Writes one transition; the text is valid until the next.</summary>
    /// <param name="scheme">Names of its scheme.</param>
    /// <param name="id">Its id.</param>
    /// <param name="eventId">Of the event that caused it.</param>
    /// <param name="eventMs">Time of that event, unix milliseconds.</param>
    public ReadOnlySpan<byte> Write(
        SchemeText scheme, ReadOnlySpan<byte> id, ReadOnlySpan<byte> customerId, in TierChange change, ReadOnlySpan<byte> eventId, long eventMs)
    {
        length = 0;
        Add("{\"specversion\":\"1.0\",\"id\":\""u8);
        AddText(id);
        Add(sourceAndType);
        AddText(customerId);
        Add("\",\"time\":\""u8);
        AddTime(change.AtMs);
        Add("\",\"datacontenttype\":\"application/json\",\"data\":{\"customerId\":\""u8);
        AddText(customerId);
        AddDecision(scheme, in change);
        if (change.Cause == TransitionCause.Event)
        {
            Add("\",\"eventId\":\""u8);
            AddText(eventId);
            Add("\",\"eventTime\":\""u8);
            AddTime(eventMs);
        }
        if (change.Direction == TierDirection.DropPending)
            AddPendingDrop(in change);
        else
            Add("\",\""u8);
        AddCircumstances(scheme, in change);
        Add(policyVersion);
        return text.AsSpan(0, length);
    }

    /// <summary>An instant in RFC 3339, valid until the next. The same one is often written several times.</summary>
    internal ReadOnlySpan<byte> TimeText(long unixMs)
    {
        if (unixMs != timeMs)
        {
            DateTimeOffset.FromUnixTimeMilliseconds(unixMs).UtcDateTime.TryFormat(time, out _, "O", CultureInfo.InvariantCulture);
            time[MillisecondsEnd] = (byte)'Z';
            timeMs = unixMs;
        }
        return time.AsSpan(0, MillisecondsEnd + 1);
    }

    /// <summary>Text as it stands between the quotes of JSON.</summary>
    internal static byte[] Encoded(string value) => JsonEncodedText.Encode(value).EncodedUtf8Bytes.ToArray();

    private void AddDecision(SchemeText scheme, in TierChange change)
    {
        Add("\",\"scheme\":\""u8);
        Add(scheme.Name);
        Add("\",\"from\":\""u8);
        Add(scheme.Tiers[change.From]);
        Add("\",\"to\":\""u8);
        Add(scheme.Tiers[change.To]);
        Add("\",\"direction\":\""u8);
        Add(directions[(int)change.Direction]);
        Add("\",\"cause\":\""u8);
        Add(causes[(int)change.Cause]);
        Add("\",\"sequence\":"u8);
        AddNumber(change.Sequence);
        Add(",\"effectiveTime\":\""u8);
        AddTime(change.AtMs);
    }

    // Ends behind the quote that opens the next name.
    private void AddPendingDrop(in TierChange change)
    {
        Add("\",\"dropTime\":\""u8);
        AddTime(change.DropMs);
        Add("\",\""u8);
        if (change.AvertAxis is not { } axis || !double.IsFinite(change.AvertValue))
            return;
        Add("avertedBy\":{\"signal\":\""u8);
        Add(signals[(int)axis.Measured]);
        Add(axis.LowerIsBetter ? "\",\"atMost\":"u8 : "\",\"atLeast\":"u8);
        AddNumber(change.AvertValue, decimals: 6);
        Add("},\""u8);
    }

    private void AddCircumstances(SchemeText scheme, in TierChange change)
    {
        if (scheme.Groups[change.To] is { } group)
        {
            Add("group\":\""u8);
            Add(group);
            Add("\",\""u8);
        }
        Add("stage\":\""u8);
        Add(stages[(int)change.Stage]);
        Add("\",\"strategy\":\""u8);
        AddText(change.StrategyId);
        Add("\",\"flags\":["u8);
        for (uint bits = (uint)change.Flags; bits != 0; bits &= bits - 1)
        {
            Add("\""u8);
            Add(flags[BitOperations.TrailingZeroCount(bits)]);
            Add((bits & (bits - 1)) != 0 ? "\","u8 : "\""u8);
        }
        Add("],\"signals\":{\"customerValue\":"u8);
        AddNumber(change.CustomerValue, decimals: 4);
        Add(",\"churnRisk\":"u8);
        AddNumber(change.ChurnRisk, decimals: 6);
        Add(",\"aliveProbability\":"u8);
        AddNumber(change.AliveProbability, decimals: 6);
    }

    private void Add(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        length += bytes.Length;
    }

    private void AddText(ReadOnlySpan<byte> utf8) =>
        Add(JavaScriptEncoder.Default.FindFirstCharacterToEncodeUtf8(utf8) < 0 ? utf8 : JsonEncodedText.Encode(utf8).EncodedUtf8Bytes);

    private void AddText(string value)
    {
        Span<byte> utf8 = stackalloc byte[256];
        Add(value.Length <= utf8.Length && Ascii.FromUtf16(value, utf8, out int count) == OperationStatus.Done
            && JavaScriptEncoder.Default.FindFirstCharacterToEncodeUtf8(utf8[..count]) < 0
            ? utf8[..count]
            : Encoded(value));
    }

    private void AddNumber(long value)
    {
        _ = Utf8Formatter.TryFormat(value, Room(NumberBytesMax), out int written);
        length += written;
    }

    private void AddNumber(double value, int decimals)
    {
        int written;
        if (value is >= PlainMin and < PlainMax)
        {
            (long whole, long rest) = Math.DivRem((long)Math.Round(value * powersOfTen[decimals]), powersOfTen[decimals]);
            AddNumber(whole);
            if (rest == 0)
                return;
            Span<byte> digits = Room(1 + decimals);
            digits[0] = (byte)'.';
            for (; rest % 10 == 0; decimals--)
                rest /= 10;
            written = 1 + decimals;
            for (; decimals > 0; decimals--, rest /= 10)
                digits[decimals] = (byte)('0' + rest % 10);
        }
        else
        {
            _ = Utf8Formatter.TryFormat(Math.Round(value, decimals), Room(NumberBytesMax), out written);
        }
        length += written;
    }

    private void AddTime(long unixMs) => Add(TimeText(unixMs));

    private Span<byte> Room(int bytes)
    {
        if (text.Length - length < bytes)
            Array.Resize(ref text, Math.Max(text.Length * 2, length + bytes));
        return text.AsSpan(length);
    }
}
