using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;

namespace StreamScorer.Worker.Web.Security;

/// <summary>
/// Who may do what. Without keys and tokens only loopback is served (checked at the start), and then only under a loopback name: else any web site could,
/// through a name that it lets point here, read and write as the user in front of the screen. With either every request needs one, health probes excepted.
/// </summary>
internal sealed class AccessControl(KeyFile keys, BearerTokens tokens, ILoggerFactory loggers)
{
    private const string HealthPath = "/health";
    private readonly ILogger audit = loggers.CreateLogger("StreamScorer.Audit");
    private readonly bool isOpen = !keys.Exists && !tokens.AreUsed;

    /// <summary>The middleware.</summary>
    public async Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        Role needed = RoleOf(context.Request);
        (ProblemHttpResult? refusal, string actor) = await JudgeAsync(context.Request, needed);
        if (refusal is null)
            await next(context);
        else
            await RefuseAsync(context, refusal);
        if (needed == Role.Admin || refusal is not null)
            audit.Audited(actor, context.Request.Method, (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(none)", context.Response.StatusCode);
    }

    /// <summary>A route that is new and writes needs admin until it is said here that it needs less.</summary>
    private static Role RoleOf(HttpRequest request) => request.Method switch
    {
        "GET" or "HEAD" or "OPTIONS" => Role.Read,
        "POST" when request.Path == "/v1/events" => Role.Ingest,
        _ => Role.Admin,
    };

    private async ValueTask<(ProblemHttpResult? Refusal, string Actor)> JudgeAsync(HttpRequest request, Role needed)
    {
        if (IsForeign(request))
            return (Problems.Of(StatusCodes.Status403Forbidden, "Cross-origin request", "Pages of other origins may not use this surface."), "foreign origin");
        if (request.Path.StartsWithSegments(HealthPath))
            return (null, "probe");
        if (isOpen)
        {
            return IsLoopbackName(request.Host.Host)
                ? (null, "loopback")
                : (Problems.Of(StatusCodes.Status403Forbidden, "Foreign host name", "Without keys only loopback names are served."), "foreign host");
        }
        try
        {
            if (CredentialOf(request) is not string text || await CallerOfAsync(text, request.HttpContext.RequestAborted) is not Caller caller)
                return (Problems.Of(StatusCodes.Status401Unauthorized, "Key needed", NeededText), "nobody");
            return caller.Allows(needed)
                ? (null, caller.Actor)
                : (Problems.Of(StatusCodes.Status403Forbidden, "Role needed", $"This needs the role {needed.ToString().ToLowerInvariant()}."), caller.Actor);
        }
        catch (InvalidOperationException)
        {
            return (Problems.Of(StatusCodes.Status503ServiceUnavailable, "Token not judged", "The identity provider does not answer; try again soon."), "nobody");
        }
    }

    private string NeededText => tokens.AreUsed
        ? "Send Authorization: Bearer with a key or a token that is valid now, or Basic with the key as password."
        : "Send Authorization: Bearer KEY, or Basic with the key as password.";

    private async ValueTask<Caller?> CallerOfAsync(string text, CancellationToken cancellation)
    {
        if (tokens.AreUsed && BearerTokens.LooksLikeToken(text))
            return await tokens.JudgeAsync(text, cancellation);
        return keys.Find(text) is ApiKey key ? new Caller(key.Id, key.Roles) : null;
    }

    private static async Task RefuseAsync(HttpContext context, ProblemHttpResult refusal)
    {
        if (refusal.StatusCode == StatusCodes.Status401Unauthorized)
            context.Response.Headers.WWWAuthenticate = new(["Bearer", "Basic realm=\"StreamScorer\", charset=\"UTF-8\""]);
        await refusal.ExecuteAsync(context);
    }

    /// <summary>Fetch metadata and origin, as browsers send them; other clients send neither.</summary>
    private static bool IsForeign(HttpRequest request)
    {
        if (request.Headers.Origin.Count > 0
            && !(Uri.TryCreate(request.Headers.Origin, UriKind.Absolute, out Uri? origin) && origin.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase)))
            return true;
        string site = request.Headers["Sec-Fetch-Site"].ToString();
        bool isNavigation = HttpMethods.IsGet(request.Method) && request.Headers["Sec-Fetch-Mode"] == "navigate";
        return site is "cross-site" or "same-site" && !isNavigation;
    }

    private static bool IsLoopbackName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));

    /// <summary>Bearer for programs; Basic because browsers ask for it by themselves, and send it with their streams too.</summary>
    private static string? CredentialOf(HttpRequest request)
    {
        string header = request.Headers.Authorization.ToString();
        if (header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
            return header["Bearer ".Length..].Trim();
        if (!header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
            return null;
        byte[] pair = new byte[header.Length];
        if (!Convert.TryFromBase64String(header["Basic ".Length..].Trim(), pair, out int length))
            return null;
        string userAndKey = Encoding.UTF8.GetString(pair, 0, length);
        int colon = userAndKey.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : userAndKey[(colon + 1)..];
    }
}
