using System.Text;
using StreamScorer.Scoring.Events;
using StreamScorer.Scoring.Policy;

namespace StreamScorer.Engine.Decode;

/// <summary>Reads the fields that belong to an event's type. Fields of other types are not looked at, whatever they contain.</summary>
internal sealed class DetailDecoder(ScoringRules rules)
{
    private const int PointsMax = 1_000_000;
    private const string Range = "must be a number from 0 to 100000000000, in base currency too";

    private static readonly byte[][] CostReasons = [.. Utf8("other", "acquisition", "service", "marketing")];
    private static readonly byte[][] EndingReasons = [.. Utf8("death", "closure", "retirement", "moved")];
    private static readonly byte[][] Phases = [.. Utf8("before", "during", "after")];
    private static readonly byte[][] Actions = [.. Utf8("collected", "used")];

    private readonly byte[][] factors = [.. Utf8([.. rules.Policy.Degrees.SatisfactionFactors])];
    private readonly string factorError = $"factor: must be one of the policy's degrees.satisfactionFactors: {string.Join(", ", rules.Policy.Degrees.SatisfactionFactors)}";
    private readonly byte[] baseCurrency = Encoding.UTF8.GetBytes(rules.Policy.BaseCurrency);
    private readonly byte[][] currencies = [.. Utf8([.. rules.Policy.Rates.Keys])];
    private readonly decimal[] rates = [.. rules.Policy.Rates.Values];

    /// <summary>Reads what the type says into the event, whose type, customer and time are known.</summary>
    public Rejection Decode(scoped in FieldReader fields, scoped ref CustomerEvent e) => e.Type switch
    {
        EventType.Purchase => Purchase(in fields, ref e),
        EventType.Refund => Refund(in fields, ref e),
        EventType.Cost => Cost(in fields, ref e),
        EventType.Contact or EventType.Response => Text(in fields, EventField.Campaign, "campaign: must be a string of 1 to 256 UTF-8 bytes", out _),
        EventType.Satisfaction => Satisfaction(in fields, ref e),
        EventType.Complaint => Complaint(in fields, ref e),
        EventType.Referral => Referral(in fields, ref e),
        EventType.Information => Information(in fields, ref e),
        EventType.Wallet => Amount(in fields, ref e, isNeeded: true, isPositive: true, out _),
        EventType.Default => Amount(in fields, ref e, isNeeded: false, isPositive: false, out _),
        EventType.Defection => Defection(in fields, ref e),
        EventType.Ending => Ending(in fields, ref e),
        _ => default,
    };

    private Rejection Purchase(scoped in FieldReader fields, scoped ref CustomerEvent e)
    {
        Rejection amount = Amount(in fields, ref e, isNeeded: true, isPositive: false, out int currency);
        if (amount.Rejected)
            return amount;
        if (!TryMoney(in fields, EventField.Cost, currency, out e.Cost))
            return Invalid("cost: " + Range);
        Rejection category = Text(in fields, EventField.Category, "category: must be a string of 1 to 256 UTF-8 bytes", out ReadOnlySpan<byte> text);
        if (category.Rejected)
            return category;
        if (!text.IsEmpty)
            e.CategoryHash = Math.Max(1, StableHash.Of(text));
        Rejection place = Text(in fields, EventField.Place, "place: must be a string of 1 to 256 UTF-8 bytes", out e.Place);
        return place.Rejected ? place : Text(in fields, EventField.Channel, "channel: must be a string of 1 to 256 UTF-8 bytes", out e.Channel);
    }

    private Rejection Refund(scoped in FieldReader fields, scoped ref CustomerEvent e)
    {
        Rejection amount = Amount(in fields, ref e, isNeeded: true, isPositive: true, out int currency);
        if (amount.Rejected)
            return amount;
        if (!TryMoney(in fields, EventField.CostReturned, currency, out e.Cost))
            return Invalid("costReturned: " + Range);
        Rejection refundOf = Text(in fields, EventField.RefundOf, "refundOf: must be the id of a purchase, 1 to 256 UTF-8 bytes", out ReadOnlySpan<byte> purchaseId);
        if (!purchaseId.IsEmpty)
            e.RefundOfHash = EventDecoder.HashOf(e.CustomerId, purchaseId);
        return refundOf;
    }

    private Rejection Cost(scoped in FieldReader fields, scoped ref CustomerEvent e)
    {
        Rejection amount = Amount(in fields, ref e, isNeeded: true, isPositive: true, out _);
        if (amount.Rejected)
            return amount;
        if (!fields.TryChoice(EventField.Reason, CostReasons, out int reason))
            return Invalid("reason: of a cost must be acquisition, service, marketing or other");
        e.CostReason = (CostReason)Math.Max(0, reason - 1);
        return default;
    }

    private Rejection Satisfaction(scoped in FieldReader fields, scoped ref CustomerEvent e)
    {
        if (!fields.Has(EventField.Rating))
            return Missing("rating: missing");
        if (!fields.TryNumber(EventField.Rating, 1, 5, ref e.Rating))
            return Invalid("rating: must be a number from 1 to 5");
        if (!fields.TryChoice(EventField.Factor, factors, out e.Factor))
            return Invalid(factorError);
        if (!fields.TryChoice(EventField.Phase, Phases, out int phase))
            return Invalid("phase: must be before, during or after");
        e.Phase = (SalePhase)phase;
        Rejection known = Currency(in fields, out int currency);
        if (known.Rejected)
            return known;
        if (!TryMoney(in fields, EventField.Gain, currency, out e.Gain))
            return Invalid("gain: " + Range);
        return TryMoney(in fields, EventField.Cost, currency, out e.Cost) ? default : Invalid("cost: " + Range);
    }

    private static Rejection Complaint(scoped in FieldReader fields, scoped ref CustomerEvent e)
    {
        e.Severity = 1;
        if (!fields.TryInteger(EventField.Severity, 1, 3, ref e.Severity))
            return Invalid("severity: must be 1, 2 or 3");
        return fields.TryBool(EventField.Resolved, out e.Resolved) ? default : Invalid("resolved: must be true or false");
    }

    private static Rejection Referral(scoped in FieldReader fields, scoped ref CustomerEvent e)
    {
        Rejection read = Text(in fields, EventField.ReferredCustomerId, "referredCustomerId: must be a string of 1 to 256 UTF-8 bytes", out ReadOnlySpan<byte> referred);
        e.IsAttributed = !referred.IsEmpty;
        return !read.Rejected && referred.SequenceEqual(e.CustomerId) ? Invalid("referredCustomerId: must be another customer than customerId") : read;
    }

    private Rejection Information(scoped in FieldReader fields, scoped ref CustomerEvent e)
    {
        if (!fields.Has(EventField.Action))
            return Missing("action: missing");
        if (!fields.TryChoice(EventField.Action, Actions, out int action))
            return Invalid("action: must be collected or used");
        (e.Information, e.Points) = ((InformationAction)action, 1);
        if (!fields.TryInteger(EventField.Points, 1, PointsMax, ref e.Points))
            return Invalid("points: must be a whole number from 1 to 1000000");
        Rejection known = Currency(in fields, out int currency);
        if (known.Rejected)
            return known;
        if (!TryMoney(in fields, EventField.Cost, currency, out e.Cost))
            return Invalid("cost: " + Range);
        return TryMoney(in fields, EventField.Benefit, currency, out e.Benefit) ? default : Invalid("benefit: " + Range);
    }

    private static Rejection Defection(scoped in FieldReader fields, scoped ref CustomerEvent e)
    {
        Rejection read = Text(in fields, EventField.Competitor, "competitor: must be a string of 1 to 256 UTF-8 bytes", out ReadOnlySpan<byte> competitor);
        e.IsCompetitorKnown = !competitor.IsEmpty;
        return read.Rejected || fields.TryBool(EventField.Induced, out e.IsInduced) ? read : Invalid("induced: must be true or false");
    }

    private Rejection Ending(scoped in FieldReader fields, scoped ref CustomerEvent e)
    {
        if (!fields.Has(EventField.Reason))
            return Missing("reason: missing");
        if (!fields.TryChoice(EventField.Reason, EndingReasons, out int reason))
            return Invalid("reason: of an ending must be death, closure, retirement or moved");
        (e.EndingReason, e.EndingMs) = ((EndingReason)reason, e.TimeMs);
        if (!fields.Has(EventField.Date) || fields.TryTime(EventField.Date, out e.EndingMs))
            return default;
        if (!fields.TryText(EventField.Date, out ReadOnlySpan<byte> date) || !Rfc3339.TryReadDate(date, out int day))
            return Invalid("date: must be a date such as 2026-11-03, or a date-time with an offset, of the years 1900 to 2199");
        e.EndingMs = rules.Calendar.StartMs(day);
        return default;
    }

    private Rejection Amount(scoped in FieldReader fields, scoped ref CustomerEvent e, bool isNeeded, bool isPositive, out int currency)
    {
        currency = 0;
        if (isNeeded && !fields.Has(EventField.Amount))
            return Missing("amount: missing");
        Rejection known = Currency(in fields, out currency);
        if (known.Rejected)
            return known;
        if (!TryMoney(in fields, EventField.Amount, currency, out e.Amount))
            return Invalid("amount: " + Range);
        return isPositive && e.Amount == 0 ? Invalid("amount: must be at least 0.0001") : default;
    }

    // The currency's number among the policy's, from 1; 0 for the base currency.
    private Rejection Currency(scoped in FieldReader fields, out int currency)
    {
        currency = 0;
        bool isBase = !fields.Has(EventField.Currency) || (fields.TryText(EventField.Currency, out ReadOnlySpan<byte> name) && name.SequenceEqual(baseCurrency));
        return isBase || fields.TryChoice(EventField.Currency, currencies, out currency)
            ? default
            : new Rejection(RejectionReason.UnknownCurrency, "currency: neither the base currency nor in the policy's rates");
    }

    // In base currency; 0 when absent.
    private bool TryMoney(scoped in FieldReader fields, EventField field, int currency, out long money)
    {
        bool isRead = fields.TryMoney(field, out money);
        if (!isRead || currency == 0)
            return isRead;
        decimal converted = Math.Round(money * rates[currency - 1], MidpointRounding.ToEven);
        bool fits = converted <= Money.AmountMax;
        money = fits ? (long)converted : 0;
        return fits;
    }

    private static Rejection Text(scoped in FieldReader fields, EventField field, string error, out ReadOnlySpan<byte> text) =>
        fields.TryText(field, out text) ? default : Invalid(error);

    private static IEnumerable<byte[]> Utf8(params string[] names) => names.Select(Encoding.UTF8.GetBytes);

    private static Rejection Invalid(string message) => new(RejectionReason.InvalidValue, message);

    private static Rejection Missing(string message) => new(RejectionReason.MissingField, message);
}
