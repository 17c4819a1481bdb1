using System.Text;
using StreamScorer.Scoring.Events;

namespace StreamScorer.Engine.Decode;

/// <summary>Names of the event types in JSON.</summary>
internal static class EventTypeNames
{
    private static readonly byte[][] Names = [.. Enum.GetNames<EventType>().Select(n => Encoding.UTF8.GetBytes(n.ToLowerInvariant()))];

    /// <summary>
    /// The event type with this UTF-8 name; null when there is none. A CloudEvents type such as <c>com.shop.purchase.v1</c> counts by its last dotted part that
    /// is no version.
    /// </summary>
    public static EventType? Of(ReadOnlySpan<byte> name)
    {
        if (Plain(name) is { } type)
            return type;
        int dot = name.LastIndexOf((byte)'.');
        bool isVersioned = dot > 0 && dot + 2 < name.Length && name[dot + 1] == 'v' && !name[(dot + 2)..].ContainsAnyExceptInRange((byte)'0', (byte)'9');
        if (isVersioned)
        {
            name = name[..dot];
            dot = name.LastIndexOf((byte)'.');
        }
        return Plain(name[(dot + 1)..]);
    }

    private static EventType? Plain(ReadOnlySpan<byte> name)
    {
        for (int i = 0; i < Names.Length; i++)
        {
            if (name.SequenceEqual(Names[i]))
                return (EventType)i;
        }
        return null;
    }
}
