using System.Text;

namespace StreamScorer.Redis;

/// <summary>Streams hashes out of Redis field by field: nothing is made of a field but what is done with it.</summary>
internal sealed class HashScan(RespConnection connection)
{
    /// <summary>What the connection should be able to receive at once: a good part of a page.</summary>
    public const int ReceiveBytes = 128 * 1024;

    // The server makes a page at one go, while others wait: a third of a millisecond. It takes 8 % less of its time a field than with a thousand.
    private const int FieldsPerPage = 300;

    private readonly RespReader reader = connection.Replies;
    private readonly RespWriter question = new();

    /// <summary>Receives a field and its value; the spans are valid during the call.</summary>
    public delegate void Take(ReadOnlySpan<byte> field, ReadOnlySpan<byte> value);

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
                await connection.FillAsync(cancellation);
            while (!TryReadCursor(out cursor))
                await connection.FillAsync(cancellation);
            if (cursor != "0")
                await AskAsync();
            int fields;
            while (!reader.TryReadArray(out fields))
                await connection.FillAsync(cancellation);
            for (int left = fields / 2; (left -= TakeArrived(take, left)) > 0;)
                await connection.FillAsync(cancellation);
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
}
