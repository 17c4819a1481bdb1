namespace StreamScorer.Engine.Decode;

/// <summary>Why a record cannot be used: a header of the dead letter and a label of its metric.</summary>
public enum RejectionReason : byte
{
    /// <summary>The record is fine.</summary>
    None,

    /// <summary>The value is not one JSON object.</summary>
    MalformedJson,

    /// <summary>A field that the type needs is absent or null.</summary>
    MissingField,

    /// <summary>A field has the wrong type or is out of range.</summary>
    InvalidValue,

    /// <summary>The event type is not one of ours.</summary>
    UnknownType,

    /// <summary>The currency is neither the base currency nor in the policy's rates.</summary>
    UnknownCurrency,

    /// <summary>The record key is not the UTF-8 customer id.</summary>
    KeyMismatch,

    /// <summary>The record has no key.</summary>
    MissingKey,

    /// <summary>The customer belongs to another partition.</summary>
    WrongPartition,

    /// <summary>The value is larger than allowed.</summary>
    Oversized,

    /// <summary>The event time is too far ahead of the wall clock.</summary>
    FutureTimestamp,

    /// <summary>The schema version is not one that this version reads.</summary>
    UnsupportedVersion,
}

/// <summary>Names of the reasons as they are published.</summary>
public static class RejectionReasons
{
    /// <summary>Number of values, <see cref="RejectionReason.None"/> included.</summary>
    public const int Count = (int)RejectionReason.UnsupportedVersion + 1;

    /// <summary>The published name, such as <c>malformed_json</c>.</summary>
    public static string Name(this RejectionReason reason) => reason switch
    {
        RejectionReason.MalformedJson => "malformed_json",
        RejectionReason.MissingField => "missing_field",
        RejectionReason.InvalidValue => "invalid_value",
        RejectionReason.UnknownType => "unknown_type",
        RejectionReason.UnknownCurrency => "unknown_currency",
        RejectionReason.KeyMismatch => "key_mismatch",
        RejectionReason.MissingKey => "missing_key",
        RejectionReason.WrongPartition => "wrong_partition",
        RejectionReason.Oversized => "oversized",
        RejectionReason.FutureTimestamp => "future_timestamp",
        RejectionReason.UnsupportedVersion => "unsupported_version",
        _ => "none",
    };
}

/// <summary>
/// Why a record was rejected, for people: the field and what is allowed. One reference, so that nearly every record, which is fine, passes a register from method to
/// method and no memory. A rejection itself is an object of its own: its record becomes a dead letter, which allocates far more.
/// </summary>
public readonly record struct Rejection
{
    private readonly Cause? cause;

    /// <param name="reason">Not <see cref="RejectionReason.None"/>.</param>
    /// <param name="message">A constant sentence.</param>
    public Rejection(RejectionReason reason, string message) => cause = new Cause(reason, message);

    /// <summary>True when the record cannot be used.</summary>
    public bool Rejected => cause is not null;

    /// <summary><see cref="RejectionReason.None"/> when it was not.</summary>
    public RejectionReason Reason => cause?.Reason ?? RejectionReason.None;

    /// <summary>A constant sentence; null when not rejected.</summary>
    public string? Message => cause?.Message;

    private sealed record Cause(RejectionReason Reason, string Message);
}
