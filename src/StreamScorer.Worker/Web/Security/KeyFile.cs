using System.Text.Json;
using System.Text.Json.Serialization;
using StreamScorer.Worker.Configuration;

namespace StreamScorer.Worker.Web.Security;

/// <summary>
/// The keys, in a file that holds only hashes and that several instances may share. A running worker sees a change within a second, so that a revoked key ends
/// without a restart.
/// </summary>
internal sealed class KeyFile(string path, TimeProvider time)
{
    private static readonly TimeSpan lookInterval = TimeSpan.FromSeconds(1);

    private static readonly JsonSerializerOptions json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    private readonly Lock gate = new();
    private IReadOnlyList<ApiKey> keys = [];
    private DateTime writtenUtc;
    private DateTimeOffset nextLook;

    /// <summary>The file.</summary>
    public string Path => path;

    /// <summary>Where the configuration has it.</summary>
    public static KeyFile Of(StreamScorerOptions options, TimeProvider time) =>
        new(options.Security.KeysFile.Length > 0 ? options.Security.KeysFile : System.IO.Path.Combine(options.DataDirectory, "keys.json"), time);

    /// <summary>Whether keys are in use. A file without keys is in use too: then nobody gets in.</summary>
    public bool Exists => File.Exists(path);

    /// <summary>The keys now.</summary>
    /// <exception cref="OptionsException">The file cannot be read; nobody gets in then.</exception>
    public IReadOnlyList<ApiKey> Keys
    {
        get
        {
            lock (gate)
            {
                if (time.GetUtcNow() >= nextLook)
                    Look();
                return keys;
            }
        }
    }

    /// <summary>The key of this text, or null. Every key is compared, so that the time says nothing.</summary>
    public ApiKey? Find(string text)
    {
        ApiKey? found = null;
        foreach (ApiKey key in Keys)
        {
            if (key.Is(text))
                found = key;
        }
        return found;
    }

    /// <summary>Writes a changed list, whole or not at all.</summary>
    public void Write(IReadOnlyList<ApiKey> changed)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!);
        string next = $"{path}.{Guid.NewGuid():N}.new";
        var create = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            create.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(next, create))
        {
            JsonSerializer.Serialize(file, changed, json);
            file.Flush(flushToDisk: true);
        }
        File.Move(next, path, overwrite: true);
    }

    private void Look()
    {
        nextLook = time.GetUtcNow() + lookInterval;
        DateTime changedUtc = File.GetLastWriteTimeUtc(path);
        if (changedUtc == writtenUtc)
            return;
        keys = [];
        if (Exists)
            keys = Read();
        writtenUtc = changedUtc;
    }

    private IReadOnlyList<ApiKey> Read()
    {
        try
        {
            return JsonSerializer.Deserialize<ApiKey[]>(File.ReadAllBytes(path), json) ?? [];
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new OptionsException([$"{path}: {e.Message}; allowed is what streamscorer keys writes"]);
        }
    }
}
