using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.Net.Http.Headers;

namespace StreamScorer.Worker.Web.Ingest;

/// <summary>Takes the body of a request apart into events, whatever form they came in.</summary>
internal static class EventBody
{
    /// <summary>The media types that are taken.</summary>
    public const string Allowed =
        "application/json, application/x-ndjson, application/cloudevents+json or application/cloudevents-batch+json, in UTF-8 and without Content-Encoding";

    /// <summary>Reads the whole body; its size is limited by the server.</summary>
    public static async Task<byte[]> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        using var body = new MemoryStream((int)Math.Min(request.ContentLength ?? 4_096, 1 << 20));
        await request.Body.CopyToAsync(body, cancellation);
        return body.ToArray();
    }

    /// <summary>The form of a body; null when it is not one of <see cref="Allowed"/>.</summary>
    public static EventBodyForm? FormOf(HttpRequest request)
    {
        if (request.Headers.ContentEncoding.Count > 0 || !MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type)
            || (type.Charset.HasValue && !type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)))
            return null;
        return type.MediaType.Value?.ToLowerInvariant() switch
        {
            "application/json" when request.Headers.ContainsKey("ce-specversion") => EventBodyForm.Binary,
            "application/json" or "application/cloudevents+json" or "application/cloudevents-batch+json" => EventBodyForm.Json,
            "application/x-ndjson" or "application/ndjson" => EventBodyForm.Lines,
            _ => null,
        };
    }

    /// <summary>The events, each as its own JSON text; a line that is no JSON stays as it is, for its own error.</summary>
    /// <exception cref="JsonException">The body as a whole is no JSON.</exception>
    public static List<byte[]> Split(EventBodyForm form, byte[] body, IHeaderDictionary headers)
    {
        if (!Utf8.IsValid(body))
            throw new JsonException("the body is not UTF-8");
        if (form == EventBodyForm.Lines)
            return [.. Lines(body)];
        if (form == EventBodyForm.Binary)
            return [Envelope(body, headers)];
        using JsonDocument document = JsonDocument.Parse(body);
        return document.RootElement.ValueKind == JsonValueKind.Array
            ? [.. document.RootElement.EnumerateArray().Select(item => Encoding.UTF8.GetBytes(item.GetRawText()))]
            : [body];
    }

    private static List<byte[]> Lines(byte[] body)
    {
        var lines = new List<byte[]>();
        foreach (Range range in body.AsSpan().Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = body.AsSpan(range).Trim(" \t\r"u8);
            if (line.Length > 0)
                lines.Add(line.ToArray());
        }
        return lines;
    }

    /// <summary>CloudEvents binary mode (HTTP binding 1.0.2, section 3.1): attributes from headers, the body is the data.</summary>
    private static byte[] Envelope(byte[] body, IHeaderDictionary headers)
    {
        using JsonDocument data = JsonDocument.Parse(body);
        var buffer = new ArrayBufferWriter<byte>(body.Length + 256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (string attribute in (ReadOnlySpan<string>)["specversion", "id", "source", "type", "time", "subject"])
            {
                if (headers.TryGetValue($"ce-{attribute}", out Microsoft.Extensions.Primitives.StringValues value))
                    json.WriteString(attribute, Uri.UnescapeDataString(value.ToString()));
            }
            json.WritePropertyName("data");
            data.RootElement.WriteTo(json);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }
}

/// <summary>How a body holds events.</summary>
internal enum EventBodyForm
{
    /// <summary>One JSON object or an array of them, plain or as CloudEvents.</summary>
    Json,

    /// <summary>One JSON object a line.</summary>
    Lines,

    /// <summary>CloudEvents attributes in headers, the event itself in the body.</summary>
    Binary,
}
