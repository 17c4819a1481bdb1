using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace StreamScorer.Worker.Web.Security;

/// <summary>A key as it is kept: its text is shown once, when it is made, and is nowhere afterwards.</summary>
/// <param name="Id">Short name of the key itself, for lists and logs.</param>
/// <param name="Name">Who has it, for people.</param>
/// <param name="Roles">What it may do.</param>
/// <param name="Sha256">SHA-256 of its text, hex. The text is random, so that no slow hash is needed.</param>
/// <param name="Created">When it was made.</param>
public sealed record ApiKey(string Id, string Name, IReadOnlyList<Role> Roles, string Sha256, DateTime Created)
{
    private const string Prefix = "ssk_";
    private const int RandomBytes = 32;
    private const int IdBytes = 4;

    /// <summary>A new key and its text.</summary>
    public static (ApiKey Key, string Text) Create(string name, IReadOnlyList<Role> roles, DateTime createdUtc)
    {
        string text = Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));
        string id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));
        return (new ApiKey(id, name, roles, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))), createdUtc), text);
    }

    /// <summary>Whether a text is this key; takes the same time whatever differs.</summary>
    public bool Is(string text) => CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(text)), Convert.FromHexString(Sha256));
}
