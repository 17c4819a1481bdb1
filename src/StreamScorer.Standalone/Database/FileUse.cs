namespace StreamScorer.Standalone.Database;

/// <summary>What a standalone file is for. Every commit survives a crash in both, and what needs the disk is on it when its task completes.</summary>
public enum FileUse
{
    /// <summary>A worker's file: small pages, because most commits change little, and the write-ahead log is short, because the next start reads it.</summary>
    Lasting,

    /// <summary>
    /// A file that is deleted at the end of the run, written in large pieces: large pages, and no page is copied from the write-ahead log into the file before that
    /// has grown to a gigabyte, nor at the end. Half of what is written to a lasting file is such copies. At its peak the run takes that gigabyte of disk beside the file.
    /// </summary>
    OneRun,
}
