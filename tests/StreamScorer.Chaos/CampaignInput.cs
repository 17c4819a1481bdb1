using StreamScorer.Testing;
using StreamScorer.Worker.Input;
using StreamScorer.Worker.Replay;

namespace StreamScorer.Chaos;

/// <summary>The transactions of a campaign: a file that was named, the shared retail data, or invented customers.</summary>
internal sealed class CampaignInput : IDisposable
{
    private const string Shared = "../shared/data/online-retail/lines.csv.gz";
    private const int InventedRecords = 200_000;
    private readonly TempDirectory? directory;

    private CampaignInput(string path, TempDirectory? directory)
    {
        this.directory = directory;
        Path = path;
        Request = new ReplayRequest { File = path, Map = ColumnMap.Empty };
        using EventFile file = EventFile.Open(path, Request.Map);
        while (file.Read())
            Records++;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Its records.</summary>
    public long Records { get; }

    /// <summary>How to feed it.</summary>
    public ReplayRequest Request { get; }

    /// <summary>Opens <paramref name="file"/>, or what there is.</summary>
    /// <exception cref="CampaignException">It cannot be read.</exception>
    public static CampaignInput Open(string? file)
    {
        try
        {
            return (file ?? FindShared()) is { } path ? new CampaignInput(path, directory: null) : Invent();
        }
        catch (EventFileException e)
        {
            throw new CampaignException(e.Message);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => directory?.Dispose();

    private static CampaignInput Invent()
    {
        var directory = new TempDirectory();
        string path = directory.File("events.csv");
        DemoFile.Write(path, InventedRecords);
        return new CampaignInput(path, directory);
    }

    private static string? FindShared()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "StreamScorer.sln")))
                return System.IO.Path.GetFullPath(System.IO.Path.Combine(folder.FullName, Shared)) is var path && File.Exists(path) ? path : null;
        return null;
    }
}
