namespace StreamScorer.Engine.Decode;

/// <summary>
/// The names of the object read last, by their place in it. A producer writes the fields of all its events in the same order, so that the name at a place is nearly
/// always the one of last time: one comparison instead of finding its end and looking it up. Not safe for concurrent use.
/// </summary>
internal sealed class FieldOrder
{
    private const int PlacesMax = 16, BytesMax = 32;
    private readonly byte[] names = new byte[PlacesMax * BytesMax];
    private readonly byte[] lengths = new byte[PlacesMax];
    private readonly EventField[] fields = new EventField[PlacesMax];

    /// <summary>Whether the name at a place is the one of last time.</summary>
    /// <param name="place">Place in the object, from 0.</param>
    /// <param name="json">What begins with the name's quote.</param>
    /// <param name="field">Receives the field of that name.</param>
    /// <param name="length">Receives the bytes of the name, its quotes and its colon.</param>
    public bool IsKnown(int place, ReadOnlySpan<byte> json, out EventField field, out int length)
    {
        (field, length) = (EventField.None, 0);
        if (place >= PlacesMax || lengths[place] == 0 || !json.StartsWith(names.AsSpan(place * BytesMax, lengths[place])))
            return false;
        (field, length) = (fields[place], lengths[place]);
        return true;
    }

    /// <summary>Keeps a name for the next time; long ones and those far behind are not worth it.</summary>
    /// <param name="place">Place in the object, from 0.</param>
    /// <param name="name">The name from its quote to behind its colon.</param>
    /// <param name="field">The field of that name.</param>
    public void Keep(int place, ReadOnlySpan<byte> name, EventField field)
    {
        if (place >= PlacesMax || name.Length > BytesMax)
            return;
        name.CopyTo(names.AsSpan(place * BytesMax));
        (lengths[place], fields[place]) = ((byte)name.Length, field);
    }
}
