using System.Text;
using System.Text.Json;
using StreamScorer.Engine.Publish;

namespace StreamScorer.Worker.Web.Streams;

/// <summary>Reads a published record as an item of the feed.</summary>
internal static class FeedItemReader
{
    /// <summary>CloudEvents type of an erasure.</summary>
    public const string ErasedType = "streamscorer.customer-erased.v1";

    /// <summary>The item; null for a record that is neither a transition nor an erasure, which a newer version may publish.</summary>
    public static FeedItem? Read(int partition, PublishedRecord record)
    {
        string customer = record.Key is null ? "" : Encoding.UTF8.GetString(record.Key);
        if (record.Value is null)
            return Erasure(partition, record.Position, customer);
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
        return type == OutboxFormatter.TransitionType ? item : null;
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

    private static FeedItem Erasure(int partition, long position, string customer)
    {
        string id = $"erased:{customer}:{partition}.{position}";
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("specversion", "1.0");
            json.WriteString("id", id);
            json.WriteString("source", "/streamscorer");
            json.WriteString("type", ErasedType);
            json.WriteString("subject", customer);
            json.WriteStartObject("data");
            json.WriteString("customerId", customer);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        byte[] data = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["customerId"] = customer });
        return new FeedItem
        {
            Kind = FeedItemKind.Erasure,
            Partition = partition,
            Position = position,
            Id = id,
            CustomerId = customer,
            Json = buffer.WrittenMemory,
            Data = data,
        };
    }
}
