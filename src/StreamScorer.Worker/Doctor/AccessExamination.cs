using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using StreamScorer.Engine.Diagnosis;
using StreamScorer.Worker.Configuration;
using StreamScorer.Worker.Web.Security;

namespace StreamScorer.Worker.Doctor;

/// <summary>Who would get in at the web surface.</summary>
internal static class AccessExamination
{
    private const string Subject = "web surface";

    /// <summary>What stands in the way of a start, and whether the identity provider answers.</summary>
    public static async Task<Finding> RunAsync(StreamScorerOptions options, CancellationToken cancellation)
    {
        if (options.Http.Urls == UrlsAttribute.None)
            return Finding.Ok(Subject, "it is switched off");
        try
        {
            AccessCheck.Require(options);
            KeyFile keys = KeyFile.Of(options, TimeProvider.System);
            string opened = keys.Exists ? $"{keys.Keys.Count} keys" : "";
            if (options.Security.Jwt.IsUsed)
                opened = $"{(keys.Exists ? opened + ", and " : "")}{await TokensAsync(options.Security.Jwt, cancellation)}";
            return Finding.Ok(Subject, opened.Length == 0 ? $"{options.Http.Urls}, loopback only, without keys" : $"{options.Http.Urls}, opened by {opened}");
        }
        catch (OptionsException e)
        {
            return Finding.Error(Subject, string.Join(' ', e.Errors), "Fix: as it says.");
        }
        catch (InvalidOperationException e)
        {
            return Finding.Error(
                Subject, $"{options.Security.Jwt.Authority} does not give usable metadata: {(e.InnerException ?? e).Message}",
                "Fix: correct Security:Jwt:Authority, or let this machine reach it; without it no token is accepted.");
        }
    }

    private static async Task<string> TokensAsync(JwtSettings settings, CancellationToken cancellation) =>
        await new BearerTokens(settings).ReadMetadataAsync(cancellation) is OpenIdConnectConfiguration metadata
            ? $"tokens of {metadata.Issuer} with {metadata.SigningKeys.Count} signing keys"
            : $"tokens of {settings.Issuer}";
}
