namespace StreamScorer.Worker.Input;

/// <summary>A field of an event that a CSV column can fill.</summary>
/// <param name="Name">Name on the left of <c>--map</c>.</param>
/// <param name="Columns">Header names that are taken without a map, best first.</param>
/// <param name="JsonName">Name in the event JSON; null where other fields are made from it.</param>
/// <param name="IsNumber">Whether it is written as a JSON number.</param>
public sealed record EventField(string Name, string[] Columns, string? JsonName = null, bool IsNumber = false)
{
    /// <summary>Who: required.</summary>
    public static readonly EventField Customer = new("customer", ["customer_id", "customerId", "customer"]);

    /// <summary>When: required. ISO 8601; without a zone it is UTC, a date alone is its midnight.</summary>
    public static readonly EventField Time = new("time", ["timestamp", "time", "date"]);

    /// <summary>Money; negative is a refund.</summary>
    public static readonly EventField Amount = new("amount", ["amount"]);

    /// <summary>Pieces, times <see cref="UnitPrice"/>, where there is no amount.</summary>
    public static readonly EventField Quantity = new("quantity", ["quantity"]);

    /// <summary>Price of a piece.</summary>
    public static readonly EventField UnitPrice = new("unit_price", ["unit_price"]);

    /// <summary>What the sold goods cost the seller.</summary>
    public static readonly EventField Cost = new("cost", ["cost"]);

    /// <summary>Type of the event: <c>sale</c> and nothing are a purchase, <c>return</c> is a refund, others are taken as they are.</summary>
    public static readonly EventField Kind = new("kind", ["kind", "type"]);

    /// <summary>Event id; without it the row number.</summary>
    public static readonly EventField Id = new("id", ["id", "event_id"]);

    /// <summary>Fields that are copied into the event as they are.</summary>
    public static readonly IReadOnlyList<EventField> Copied =
    [
        new("category", ["category", "stock_code"], "category"),
        .. Mapped("place", "channel", "currency", "campaign", "reason", "refundOf", "factor", "phase", "referredCustomerId", "action", "competitor"),
        .. new[] { "rating", "severity", "points", "benefit", "gain" }.Select(name => new EventField(name, [], name, IsNumber: true)),
    ];

    /// <summary>Every field.</summary>
    public static readonly IReadOnlyList<EventField> All = [Customer, Time, Amount, Quantity, UnitPrice, Cost, Kind, Id, .. Copied];

    // No header name of their own: a column called "reason" means many things, so these are taken only when the user says so.
    private static IEnumerable<EventField> Mapped(params string[] names) => names.Select(name => new EventField(name, [], name));
}
