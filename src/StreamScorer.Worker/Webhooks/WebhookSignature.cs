using System.Security.Cryptography;
using System.Text;

namespace StreamScorer.Worker.Webhooks;

/// <summary>Signatures of the Standard Webhooks specification 1.0: HMAC-SHA256 over id, timestamp and body.</summary>
public static class WebhookSignature
{
    /// <summary>What a secret starts with; base64 follows.</summary>
    public const string SecretPrefix = "whsec_";

    private const int IdBytes = 16;

    /// <summary>Message id of a transition: the same for every attempt, and safe in a header whatever the customer is called.</summary>
    public static string MessageId(string transitionId) =>
        $"msg_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(transitionId)).AsSpan(0, IdBytes))}";

    /// <summary>Value of the <c>webhook-signature</c> header: one signature for each secret.</summary>
    /// <param name="secrets">With their prefix.</param>
    /// <param name="messageId">Value of <c>webhook-id</c>.</param>
    /// <param name="unixSeconds">Value of <c>webhook-timestamp</c>.</param>
    /// <param name="body">The body as sent.</param>
    public static string Sign(IEnumerable<string> secrets, string messageId, long unixSeconds, ReadOnlySpan<byte> body)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{messageId}.{unixSeconds}."), .. body];
        return string.Join(' ', secrets.Select(secret =>
            $"v1,{Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret[SecretPrefix.Length..]), signed))}"));
    }
}
