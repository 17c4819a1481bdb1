using System.Text;

namespace StreamScorer.Redis;

/// <summary>A reply of Redis.</summary>
/// <param name="Number">A number, or the length of a text or an array, -1 when there is none.</param>
/// <param name="Bytes">A text.</param>
internal readonly record struct RespReply(long Number, byte[]? Bytes)
{
    /// <summary>Whether it is an array, of which <see cref="Number"/> is the length.</summary>
    public bool IsArray { get; init; }

    /// <summary>What an array holds, where it was read whole; else none.</summary>
    public IReadOnlyList<RespReply> Elements { get => field ?? []; init; }

    /// <summary>Whether it stands for nothing being there.</summary>
    public bool IsNone => Number < 0;

    /// <summary>A text in UTF-8, or null.</summary>
    public string? Text => Bytes is null ? null : Encoding.UTF8.GetString(Bytes);

    /// <summary>The elements as texts; empty where there is none.</summary>
    public string[] Texts => [.. Elements.Select(element => element.Text ?? "")];
}
