using System.Net;
using System.Text;

namespace StreamScorer.Redis;

/// <summary>
/// Streams hashes out of Redis over a connection of its own. The client library makes four objects of a field and reads a reply that has arrived in part again
/// from its start, which for a million customers is seconds.
/// </summary>
internal sealed class HashScan : IAsyncDisposable
{
    // The server makes a page at one go: about a millisecond in which others wait.
    private const int FieldsPerPage = 1_000;
    private const int ReceiveBytes = 256 * 1024;

    private readonly RespConnection connection;
    private readonly RespReader reader;
    private readonly RespWriter question = new();
    private readonly TimeSpan replyTimeout;

    private HashScan(RespConnection connection, TimeSpan replyTimeout)
    {
        (this.connection, this.replyTimeout) = (connection, replyTimeout);
        reader = connection.Replies;
    }

    /// <summary>Receives a field and its value; the spans are valid during the call.</summary>
    public delegate void Take(ReadOnlySpan<byte> field, ReadOnlySpan<byte> value);

    /// <summary>Connects to the server that has the hashes.</summary>
    /// <exception cref="IOException">It refused.</exception>
    public static async Task<HashScan> OpenAsync(EndPoint server, RedisOptions options, CancellationToken cancellation) =>
        new(await RespConnection.OpenAsync(server, options, ReceiveBytes, cancellation), options.ReplyTimeout);

    /// <summary>
    /// Hands over all fields of a hash. The next page is asked for as soon as its cursor has come, so that the server makes it while this one is taken.
    /// </summary>
    /// <returns>How many there were; one that the server moved meanwhile may come twice.</returns>
    /// <exception cref="IOException">The connection was lost, or the server refused.</exception>
    /// <exception cref="TimeoutException">Nothing came for the reply timeout.</exception>
    public async Task<long> RunAsync(string key, Take take, CancellationToken cancellation)
    {
        long taken = 0;
        string cursor = "0";
        await AskAsync();
        do
        {
            while (!reader.TryReadArray(out _))
                await FillAsync(cancellation);
            while (!TryReadCursor(out cursor))
                await FillAsync(cancellation);
            if (cursor != "0")
                await AskAsync();
            int fields;
            while (!reader.TryReadArray(out fields))
                await FillAsync(cancellation);
            for (int left = fields / 2; (left -= TakeArrived(take, left)) > 0;)
                await FillAsync(cancellation);
            taken += fields / 2;
        }
        while (cursor != "0");
        return taken;

        async Task AskAsync()
        {
            question.Clear();
            question.Command("HSCAN", 4).Add(key).Add(cursor).Add("COUNT"u8).Add(FieldsPerPage);
            await connection.SendAsync(question, cancellation);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private bool TryReadCursor(out string cursor)
    {
        bool isRead = reader.TryReadText(out ReadOnlySpan<byte> text);
        cursor = Encoding.ASCII.GetString(text);
        return isRead;
    }

    private int TakeArrived(Take take, int most)
    {
        int taken = 0;
        for (; taken < most && reader.TryReadTexts(out ReadOnlySpan<byte> field, out ReadOnlySpan<byte> value); taken++)
            take(field, value);
        return taken;
    }

    private async ValueTask FillAsync(CancellationToken cancellation) => await reader.FillAsync(cancellation).AsTask().WaitAsync(replyTimeout, cancellation);
}
