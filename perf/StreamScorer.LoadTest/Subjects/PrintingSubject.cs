using System.Diagnostics;
using System.Globalization;

namespace StreamScorer.LoadTest.Subjects;

/// <summary>A subject that prints how many events it has finished, a number a line, ten times a second: the yardsticks that keep no offsets in Redis.</summary>
internal sealed class PrintingSubject : Subject
{
    private long progress;

    private PrintingSubject(string name, ProcessStartInfo start)
        : base(name, start) => _ = ReadAsync();

    /// <summary>The worker that people write by hand: this program in another role.</summary>
    public static PrintingSubject HandWritten(LoadServers servers, string topic) =>
        new("hand-written", RoleProcess.StartInfo("hand-written", servers.Bootstrap, servers.RedisEndpoint, topic));

    /// <summary>The peer in Node.</summary>
    public static PrintingSubject Node(LoadServers servers, string topic, string directory)
    {
        var start = new ProcessStartInfo("node", ["worker.mjs", servers.Bootstrap, servers.RedisEndpoint, topic]) { WorkingDirectory = directory };
        return new PrintingSubject("node", start);
    }

    /// <inheritdoc/>
    public override Task<long> ProgressAsync() => Task.FromResult(Volatile.Read(ref progress));

    private async Task ReadAsync()
    {
        while (await Output.ReadLineAsync() is { } line)
        {
            if (long.TryParse(line, CultureInfo.InvariantCulture, out long done))
                Volatile.Write(ref progress, done);
        }
    }
}
