using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;

namespace StreamScorer.Worker.Web.Streams;

/// <summary>Writes server-sent events (WHATWG HTML, section 9.2) from bytes that are JSON already.</summary>
/// <param name="heartbeatInterval">Told to the client: a stream that is silent for much longer is dead.</param>
internal sealed class EventWriter(PipeWriter output, TimeSpan heartbeatInterval)
{
    /// <summary>Media type.</summary>
    public const string ContentType = "text/event-stream";

    private const int ReconnectMs = 1_000;

    private readonly byte[] heartbeat = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""{"withinSeconds":{{heartbeatInterval.TotalSeconds}}}"""));

    /// <summary>Starts the stream: how soon the client comes back when it is cut.</summary>
    public void Begin() => Write($"retry: {ReconnectMs}\n\n");

    /// <summary>One event.</summary>
    /// <param name="id">Cursor, or null to leave the client's as it is.</param>
    /// <param name="json">One line.</param>
    public void Event(string name, string? id, ReadOnlySpan<byte> json)
    {
        Write(id is null ? $"event: {name}\ndata: " : $"id: {id}\nevent: {name}\ndata: ");
        output.Write(json);
        Write("\n\n");
    }

    /// <summary>Tells the client that the feed is read and where it is, and keeps the connection open. An event, because a page never hears of a comment.</summary>
    public void Heartbeat(string id) => Event("heartbeat", id, heartbeat);

    /// <summary>Sends what was written; waits while the client is slower.</summary>
    /// <returns>False when the client is gone.</returns>
    public async ValueTask<bool> FlushAsync(CancellationToken cancellation) => !(await output.FlushAsync(cancellation)).IsCompleted;

    private void Write(string text) => Encoding.UTF8.GetBytes(text, output);
}
