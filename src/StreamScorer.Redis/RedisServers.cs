using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Security.Authentication;

namespace StreamScorer.Redis;

/// <summary>
/// Finds the primary that has a key: in a cluster by what its nodes answer, else the one of the configured endpoints that is a primary, also after another one was promoted.
/// Safe for concurrent use.
/// </summary>
internal sealed class RedisServers(RedisOptions options)
{
    // As many as a cluster needs while slots are being moved.
    private const int RedirectsMax = 5;
    private readonly ConcurrentDictionary<string, string> known = [];

    // Answers for a key that was never looked for: in a cluster it says which server has it. The endpoints before it may be dark, a wait each.
    private volatile string? lastPrimary;

    /// <summary>How the servers are reached.</summary>
    public RedisOptions Options => options;

    /// <summary>The endpoints for messages.</summary>
    public string Names => string.Join(',', options.Endpoints);

    /// <summary>True when Redis was unreachable, silent, or refused (out of memory, disk full, read-only, loading).</summary>
    public static bool IsFailure(Exception exception) =>
        exception is IOException or TimeoutException or SocketException or AuthenticationException or ObjectDisposedException;

    /// <summary>How long a search may take that finds one of its servers only: every other one was waited for.</summary>
    public TimeSpan SearchTimeout => (options.ConnectTimeout * options.Endpoints.Count) + options.ReplyTimeout;

    /// <summary>What <c>ROLE</c> has answered.</summary>
    /// <exception cref="IOException">It is no answer to that.</exception>
    public static bool IsPrimary(RespReply role) =>
        role.Elements.Count > 0 ? role.Elements[0].Text == "master" : throw new IOException("Redis answered ROLE with what is no role");

    /// <summary>Connects to the primary that has a key.</summary>
    /// <exception cref="IOException">None of the servers is it, or one refused, or a connection was lost.</exception>
    /// <exception cref="SocketException">None of the servers can be reached.</exception>
    /// <exception cref="TimeoutException">None of the servers answers.</exception>
    public async Task<RespConnection> OpenAsync(string key, CancellationToken cancellation)
    {
        Exception? failure = null;
        foreach (string server in Candidates(key))
        {
            try
            {
                if (await TryOpenAsync(server, key, cancellation) is not { } connection)
                    continue;
                known[key] = lastPrimary = connection.Server;
                return connection;
            }
            catch (Exception exception) when (IsFailure(exception))
            {
                failure ??= exception;
                ForgetServer(server);
            }
        }
        throw failure ?? new IOException($"none of {Names} is a primary");
    }

    /// <summary>Where the key was last found, or null. It may have moved since.</summary>
    public string? LastServerOf(string key) => known.GetValueOrDefault(key);

    /// <summary>The key was not found there: the next search asks the configured endpoints.</summary>
    public void Forget(string key) => known.TryRemove(key, out _);

    // Else each of its keys would wait for it again.
    private void ForgetServer(string server)
    {
        foreach (KeyValuePair<string, string> entry in known)
        {
            if (entry.Value == server)
                known.TryRemove(entry);
        }
    }

    private IEnumerable<string> Candidates(string key) => ((string?[])[LastServerOf(key), lastPrimary, .. options.Endpoints]).OfType<string>().Distinct();

    // Null when it is a replica.
    private async Task<RespConnection?> TryOpenAsync(string server, string key, CancellationToken cancellation)
    {
        var question = new RespWriter();
        question.Command("ROLE", 0);
        question.Command("EXISTS", 1).Add(key);
        for (int redirects = 0; ; redirects++)
        {
            RespConnection connection = await RespConnection.OpenAsync(server, options, cancellation);
            try
            {
                await connection.SendAsync(question, cancellation);
                bool isPrimary = IsPrimary(await connection.WholeReplyAsync(cancellation));
                await connection.ReplyAsync(cancellation);
                if (isPrimary)
                    return connection;
                await connection.DisposeAsync();
                return null;
            }
            catch (RespRefusal refusal) when (refusal.MovedTo is { } next && redirects < RedirectsMax)
            {
                await connection.DisposeAsync();
                server = ServerName.Told(next, server);
            }
            catch
            {
                await connection.DisposeAsync();
                throw;
            }
        }
    }
}
