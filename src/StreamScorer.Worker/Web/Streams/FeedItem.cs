namespace StreamScorer.Worker.Web.Streams;

/// <summary>What an item of the feed is.</summary>
public enum FeedItemKind
{
    /// <summary>A tier transition or notice.</summary>
    Transition,

    /// <summary>A customer was erased.</summary>
    Erasure,

    /// <summary>Nothing happened for a while; <see cref="FeedItem.Positions"/> says how far everything is known.</summary>
    Heartbeat,
}

/// <summary>One published record, read once for all who follow. Immutable and shared.</summary>
public sealed record FeedItem
{
    /// <summary>What it is.</summary>
    public required FeedItemKind Kind { get; init; }

    /// <summary>Output partition.</summary>
    public int Partition { get; init; }

    /// <summary>Position in the partition.</summary>
    public long Position { get; init; }

    /// <summary>Id of the transition, the same in every copy of it.</summary>
    public string Id { get; init; } = "";

    /// <summary>Whose.</summary>
    public string CustomerId { get; init; } = "";

    /// <summary>Scheme of a transition.</summary>
    public string Scheme { get; init; } = "";

    /// <summary>Tier after a transition.</summary>
    public string Tier { get; init; } = "";

    /// <summary>Direction of a transition.</summary>
    public string Direction { get; init; } = "";

    /// <summary>Cause of a transition.</summary>
    public string Cause { get; init; } = "";

    /// <summary>Effective instant as published, sortable as text.</summary>
    public string Time { get; init; } = "";

    /// <summary>The CloudEvents JSON, UTF-8, one line; empty for a heartbeat.</summary>
    public ReadOnlyMemory<byte> Json { get; init; }

    /// <summary>Its <c>data</c>.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>Of a heartbeat: the position behind the last record of each partition that was handed on before it.</summary>
    public IReadOnlyList<long> Positions { get; init; } = [];
}
