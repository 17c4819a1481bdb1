using System.ComponentModel.DataAnnotations;

namespace StreamScorer.Worker.Configuration;

/// <summary>Keys <c>Redis:*</c>; read when <c>Store</c> is <c>redis</c>.</summary>
public sealed record RedisSettings
{
    /// <summary>Servers, <c>HOST:PORT</c> separated by commas.</summary>
    [HostPorts]
    public string Endpoints { get; init; } = "";

    /// <summary>Password, or empty.</summary>
    [Secret]
    public string Password { get; init; } = "";

    /// <summary>File that holds the password, for a secret that is mounted; a line break at its end is not part of it.</summary>
    public string PasswordFile { get; init; } = "";

    /// <summary>Whether to connect with TLS.</summary>
    public bool Ssl { get; init; }

    /// <summary>File in PEM with the only authorities whose certificates are believed; empty = those that the system trusts. Servers with <c>tls-auth-clients no</c>.</summary>
    public string CaFile { get; init; } = "";

    /// <summary>First part of every key, so that installations can share a server.</summary>
    [Required]
    [RegularExpression("[A-Za-z0-9._-]{1,64}")]
    public string Prefix { get; init; } = "ss";
}
