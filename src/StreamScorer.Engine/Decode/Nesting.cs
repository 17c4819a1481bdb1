namespace StreamScorer.Engine.Decode;

/// <summary>Which brackets are open in front of a position in JSON, and whether a value stands between it and the innermost of them.</summary>
/// <param name="bits">From the top: a one, a bit per open bracket (one for an array), and one when no value stands behind the innermost. 0 is no nesting at all.</param>
internal readonly struct Nesting(int bits) : IEquatable<Nesting>
{
    private readonly int bits = bits;

    /// <summary>No bracket is open.</summary>
    public static Nesting Outside => new(0b10);

    /// <summary>Whether no bracket is open.</summary>
    public bool IsOutside => bits == 0b10;

    /// <summary>Whether only the record's object is open.</summary>
    public bool IsOuter => bits >> 1 == 0b10;

    /// <summary>Whether another bracket may be opened.</summary>
    public bool HasRoom => bits < 1 << 24;

    /// <summary>Whether the innermost bracket is an array's; meaningless outside.</summary>
    public bool IsArray => (bits & 0b10) != 0;

    /// <summary>Whether no value stands behind the innermost bracket.</summary>
    public bool IsEmpty => (bits & 1) != 0;

    /// <summary>Behind one more value.</summary>
    public Nesting BehindValue => new(bits & ~1);

    /// <summary>Behind the innermost bracket's counterpart.</summary>
    public Nesting Closed => new((bits >> 1) & ~1);

    /// <summary>Behind a bracket that opens.</summary>
    public Nesting Opened(bool isArray) => new(((bits & ~1) << 1) | (isArray ? 0b11 : 0b01));

    /// <inheritdoc/>
    public bool Equals(Nesting other) => bits == other.bits;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Nesting other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => bits;
}
