using System.Security.Cryptography;
using StreamScorer.Engine.Commit;

namespace StreamScorer.Redis;

/// <summary>
/// The file of a backup: a mark, then name and content of each key, an empty name, and the SHA-256 of all before it. Contents are Redis's own DUMP form, which
/// the same or a newer version restores.
/// </summary>
internal static class BackupFile
{
    public const string Mark = "streamscorer-redis-backup-1";
    public const int HashBytes = 32;
}

/// <summary>Writes a backup beside its place and moves it there when it is whole, so that half a backup is never taken for one.</summary>
internal sealed class BackupWriter : IDisposable
{
    private readonly string path;
    private readonly FileStream file;
    private readonly BinaryWriter writer;

    public BackupWriter(string path)
    {
        this.path = path;
        file = new FileStream(path + ".partial", FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        writer = new BinaryWriter(file);
        writer.Write(BackupFile.Mark);
    }

    public void Add(string name, byte[] content)
    {
        writer.Write(name);
        writer.Write(content.Length);
        writer.Write(content);
    }

    public void Complete()
    {
        writer.Write("");
        writer.Flush();
        file.Position = 0;
        byte[] hash = SHA256.HashData(file);
        file.Write(hash);
        file.Flush(flushToDisk: true);
        File.Move(file.Name, path, overwrite: true);
    }

    public void Dispose()
    {
        writer.Dispose();
        File.Delete(path + ".partial");
    }
}

/// <summary>Reads a backup, of which it has first checked that it is whole.</summary>
internal static class BackupReader
{
    /// <exception cref="StateStoreException">It is damaged or is none of ours.</exception>
    public static IEnumerable<(string Name, byte[] Content)> Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        Check(file, path);
        using var reader = new BinaryReader(file);
        reader.ReadString();
        while (reader.ReadString() is { Length: > 0 } name)
            yield return (name, reader.ReadBytes(reader.ReadInt32()));
    }

    private static void Check(FileStream file, string path)
    {
        using var reader = new BinaryReader(file, System.Text.Encoding.UTF8, leaveOpen: true);
        long length = file.Length - BackupFile.HashBytes;
        if (length < BackupFile.Mark.Length || reader.ReadString() != BackupFile.Mark)
            throw new StateStoreException($"{path} is no backup of Redis state.");
        file.Position = 0;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[1 << 16];
        for (long left = length; left > 0;)
        {
            int read = file.Read(buffer, 0, (int)Math.Min(left, buffer.Length));
            hash.AppendData(buffer, 0, read);
            left -= read;
        }
        byte[] stored = reader.ReadBytes(BackupFile.HashBytes);
        if (!hash.GetHashAndReset().AsSpan().SequenceEqual(stored))
            throw new StateStoreException($"{path} is damaged: its SHA-256 differs. Take another backup.");
        file.Position = 0;
    }
}
