using System.Text;
using System.Text.Json;
using StreamScorer.Engine.Publish;

namespace StreamScorer.Worker.Web.Streams;

/// <summary>Reads a published record as an item of the feed.</summary>
internal static class FeedItemReader
{
    /// <summary>
    /// The item; null for a record that is neither a transition nor an erasure: the one without value that follows an erasure, or what a newer version publishes.
    /// </summary>
    public static FeedItem? Read(int partition, PublishedRecord record)
    {
        if (record.Value is null)
            return null;
        string customer = record.Key is null ? "" : Encoding.UTF8.GetString(record.Key);
        string type = "";
        FeedItem item = new() { Kind = FeedItemKind.Transition, Partition = partition, Position = record.Position, CustomerId = customer, Json = record.Value };
        var reader = new Utf8JsonReader(record.Value);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isType = reader.ValueTextEquals("type"u8), isTime = reader.ValueTextEquals("time"u8), isData = reader.ValueTextEquals("data"u8);
            bool isId = reader.ValueTextEquals("id"u8);
            reader.Read();
            if (isType)
                type = reader.GetString()!;
            else if (isId)
                item = item with { Id = reader.GetString()! };
            else if (isTime)
                item = item with { Time = reader.GetString()! };
            else if (isData)
                item = ReadData(ref reader, item);
            else
                reader.Skip();
        }
        return type switch
        {
            OutboxFormatter.TransitionType => item,
            OutboxFormatter.ErasedType => item with { Kind = FeedItemKind.Erasure },
            _ => null,
        };
    }

    private static FeedItem ReadData(ref Utf8JsonReader reader, FeedItem item)
    {
        int start = (int)reader.TokenStartIndex;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
            {
                reader.Skip();
                continue;
            }
            item = name switch
            {
                "scheme" => item with { Scheme = reader.GetString()! },
                "to" => item with { Tier = reader.GetString()! },
                "direction" => item with { Direction = reader.GetString()! },
                "cause" => item with { Cause = reader.GetString()! },
                _ => item,
            };
        }
        return item with { Data = item.Json[start..(int)reader.BytesConsumed] };
    }
}
