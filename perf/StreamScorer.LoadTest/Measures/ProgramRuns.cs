using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace StreamScorer.LoadTest.Measures;

/// <summary>How long the program takes from its start, as its users see it.</summary>
internal static class ProgramRuns
{
    private static readonly string program = Path.Combine(AppContext.BaseDirectory, "streamscorer");

    /// <summary>Starts a standalone <c>run</c> with an empty data directory; seconds until its API shows a transition.</summary>
    public static async Task<double> FirstTransitionAsync()
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("streamscorer-load-test-");
        string url = $"http://127.0.0.1:{FreePort()}";
        long start = Stopwatch.GetTimestamp();
        using Process worker = Start("run", "--until-input-closes", "--urls", url, "--data", directory.FullName);
        using var client = new HttpClient();
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!await HasTransitionAsync(client, url) && await look.WaitForNextTickAsync())
        {
            if (worker.HasExited || Stopwatch.GetElapsedTime(start) > TimeSpan.FromSeconds(30))
                throw new InvalidOperationException("the standalone worker showed no transition");
        }
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        worker.StandardInput.Close();
        await worker.WaitForExitAsync();
        directory.Delete(recursive: true);
        return seconds;
    }

    /// <summary>Replays a file standalone; seconds from the start of the process to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static async Task<double> ReplayAsync(string file)
    {
        long start = Stopwatch.GetTimestamp();
        using Process replay = Start("replay", file, "--json");
        await replay.WaitForExitAsync();
        return replay.ExitCode == 0
            ? Stopwatch.GetElapsedTime(start).TotalSeconds
            : throw new InvalidOperationException($"replay {file} ended with exit code {replay.ExitCode}");
    }

    private static async Task<bool> HasTransitionAsync(HttpClient client, string url)
    {
        try
        {
            return (await client.GetStringAsync($"{url}/v1/transitions")).Contains("\"customerId\"", StringComparison.Ordinal);
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        Process process = Process.Start(start)!;
        _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null);
        return process;
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
