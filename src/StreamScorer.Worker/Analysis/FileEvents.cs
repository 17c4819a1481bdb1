using StreamScorer.Engine.Decode;
using StreamScorer.Engine.Source;
using StreamScorer.Scoring.Events;
using StreamScorer.Scoring.Policy;
using StreamScorer.Worker.Input;

namespace StreamScorer.Worker.Analysis;

/// <summary>Takes one event of a file.</summary>
internal delegate void FileEventHandler(in CustomerEvent e);

/// <summary>The events of a file, decoded as the engine decodes them, for analyses that need no engine.</summary>
internal static class FileEvents
{
    /// <summary>Hands every usable event to <paramref name="handler"/>.</summary>
    /// <param name="path">CSV or NDJSON file.</param>
    /// <param name="map">Columns by field, for CSV.</param>
    /// <param name="rules">Calendar and currencies.</param>
    /// <param name="handler">Receives the events in file order.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <returns>Records that could not be used.</returns>
    /// <exception cref="EventFileException">The file cannot be read.</exception>
    public static long Read(string path, ColumnMap map, ScoringRules rules, FileEventHandler handler, CancellationToken cancellation)
    {
        var decoder = new EventDecoder(rules);
        long offset = 0, unusable = 0;
        using EventFile file = EventFile.Open(path, map);
        while (file.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            var record = new SourceRecord
            {
                Offset = offset++,
                TimestampMs = file.TimeUnixMs ?? 0,
                HasKey = !file.Key.IsEmpty,
                HasValue = true,
                Key = file.Key.Span,
                Value = file.Value.Span,
                Headers = default,
            };
            if (decoder.Decode(in record, out CustomerEvent e).Rejected)
                unusable++;
            else
                handler(in e);
        }
        return unusable;
    }
}
