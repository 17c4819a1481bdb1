using System.Buffers;
using System.IO.Pipelines;
using System.Text;

namespace StreamScorer.Worker.Web.Streams;

/// <summary>
/// Writes server-sent events (WHATWG HTML, section 9.2) from bytes that are JSON already; unlike the framework's formatter it also writes comments, and ids
/// without an event, which move the client's cursor and dispatch nothing.
/// </summary>
internal sealed class EventWriter(PipeWriter output)
{
    /// <summary>Media type.</summary>
    public const string ContentType = "text/event-stream";

    private const int ReconnectMs = 1_000;

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

    /// <summary>Keeps the connection open and the client's cursor fresh.</summary>
    public void Heartbeat(string id) => Write($": heartbeat\nid: {id}\n\n");

    /// <summary>Sends what was written; waits while the client is slower.</summary>
    /// <returns>False when the client is gone.</returns>
    public async ValueTask<bool> FlushAsync(CancellationToken cancellation) => !(await output.FlushAsync(cancellation)).IsCompleted;

    private void Write(string text) => Encoding.UTF8.GetBytes(text, output);
}
