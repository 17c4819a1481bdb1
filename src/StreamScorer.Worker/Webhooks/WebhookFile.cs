using System.Text.Json;
using StreamScorer.Worker.Configuration;

namespace StreamScorer.Worker.Webhooks;

/// <summary>
/// Endpoints and how far each has come, as files in the data directory that only its user may read. The command line writes them beside a running worker, which
/// follows within a second. Webhooks are sent by the worker whose data directory this is: of several workers, one.
/// </summary>
internal sealed class WebhookFile(string directory)
{
    private static readonly JsonSerializerOptions json = new(JsonSerializerDefaults.Web) { WriteIndented = true };
    private readonly string endpointsPath = Path.Combine(directory, "webhooks.json");

    /// <summary>The endpoints now.</summary>
    /// <exception cref="OptionsException">The file cannot be read.</exception>
    public IReadOnlyList<WebhookEndpoint> Endpoints => Read<WebhookEndpoint[]>(endpointsPath) ?? [];

    /// <summary>How far an endpoint has come; null when nothing was ever sent.</summary>
    public WebhookProgress? ProgressOf(string endpoint) => Read<WebhookProgress>(ProgressPath(endpoint));

    /// <summary>Writes the endpoints.</summary>
    public void Write(IReadOnlyList<WebhookEndpoint> endpoints) => Store(endpointsPath, endpoints);

    /// <summary>Writes how far an endpoint has come.</summary>
    public void Write(string endpoint, WebhookProgress progress) => Store(ProgressPath(endpoint), progress);

    /// <summary>Asks the sender to go on from a cursor. A file of its own, so that it and the sender's progress never overwrite one another.</summary>
    public void AskReplay(string endpoint, string cursor) => Store(ReplayPath(endpoint), cursor);

    /// <summary>Whether a replay was asked for and not yet begun.</summary>
    public bool IsReplayAsked(string endpoint) => File.Exists(ReplayPath(endpoint));

    /// <summary>Makes an asked replay the endpoint's progress; a crash on the way begins it again.</summary>
    public void BeginReplay(string endpoint)
    {
        if (Read<string>(ReplayPath(endpoint)) is not string cursor)
            return;
        Write(endpoint, new WebhookProgress(cursor, ProgressOf(endpoint)?.Parked ?? []));
        File.Delete(ReplayPath(endpoint));
    }

    private string ReplayPath(string endpoint) => Path.Combine(directory, $"webhook-{endpoint}.replay.json");

    private string ProgressPath(string endpoint) => Path.Combine(directory, $"webhook-{endpoint}.json");

    private static T? Read<T>(string path)
        where T : class
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), json) : null;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new OptionsException([$"{path}: {e.Message}; allowed is what streamscorer webhooks writes"]);
        }
    }

    private static void Store<T>(string path, T value)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        string next = $"{path}.{Guid.NewGuid():N}.new";
        var create = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            create.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(next, create))
        {
            JsonSerializer.Serialize(file, value, json);
            file.Flush(flushToDisk: true);
        }
        File.Move(next, path, overwrite: true);
    }
}

/// <summary>How far an endpoint has come.</summary>
/// <param name="Cursor">Everything before it is delivered or parked.</param>
/// <param name="Parked">Ids of transitions given up after the longest retry, oldest first.</param>
internal sealed record WebhookProgress(string Cursor, IReadOnlyList<string> Parked)
{
    /// <summary>Everything before it is delivered or parked but <see cref="Waiting"/>; null = the same as <see cref="Cursor"/>.</summary>
    public string? Seen { get; init; }

    /// <summary>Places between the two that are neither delivered nor parked.</summary>
    public IReadOnlyList<OutputPlace> Waiting { get; init; } = [];
}

/// <summary>A place in the transitions output.</summary>
/// <param name="Partition">Output partition.</param>
/// <param name="Position">Position in it.</param>
internal readonly record struct OutputPlace(int Partition, long Position);
