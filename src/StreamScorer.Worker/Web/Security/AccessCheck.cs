using System.Net;
using StreamScorer.Worker.Configuration;

namespace StreamScorer.Worker.Web.Security;

/// <summary>Fails closed: what other machines can reach is not served without keys or tokens.</summary>
internal static class AccessCheck
{
    /// <summary>Checks the configuration before anything is opened.</summary>
    /// <exception cref="OptionsException">Others could reach the web surface, and there is no key; or the key set for tokens cannot be used.</exception>
    public static void Require(StreamScorerOptions options)
    {
        if (new BearerTokens(options.Security.Jwt).AreUsed)
            return;
        if (options.Http.Urls == UrlsAttribute.None || options.Http.Urls.Split(';').All(IsLoopback))
            return;
        KeyFile keys = KeyFile.Of(options, TimeProvider.System);
        if (keys.Keys.Count == 0)
        {
            throw new OptionsException([
                $"Http:Urls = \"{options.Http.Urls}\": other machines can reach it, and {keys.Path} has no key; "
                + "make one with: streamscorer keys add NAME --role admin, accept tokens with Security:Jwt:Authority, or listen on http://127.0.0.1:5080"]);
        }
    }

    private static bool IsLoopback(string text)
    {
        var uri = new Uri(text.Replace("//*", "//0.0.0.0", StringComparison.Ordinal).Replace("//+", "//0.0.0.0", StringComparison.Ordinal));
        return uri.Host == "localhost" || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));
    }
}
