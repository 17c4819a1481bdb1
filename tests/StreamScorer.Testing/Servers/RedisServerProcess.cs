using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace StreamScorer.Testing.Servers;

/// <summary>A real <c>redis-server</c> on a free port of 127.0.0.1 with a directory of its own. Disposing kills it and deletes the directory.</summary>
public sealed partial class RedisServerProcess : IAsyncDisposable
{
    private const int StartAttempts = 10;
    private const int SigStop = 19;
    private const int SigCont = 18;
    private readonly TempDirectory directory = new();
    private readonly RedisServerOptions options;
    private Process? process;

    private RedisServerProcess(RedisServerOptions options)
    {
        this.options = options;
        // A test run that is broken off disposes nothing, and the server would outlive it.
        AppDomain.CurrentDomain.ProcessExit += KillAtExit;
    }

    /// <summary>Port on 127.0.0.1; kept over restarts.</summary>
    public int Port { get; private set; }

    /// <summary><c>127.0.0.1:port</c>.</summary>
    public string Endpoint => $"127.0.0.1:{Port}";

    /// <summary>The server's process.</summary>
    /// <exception cref="InvalidOperationException">It was killed.</exception>
    public int ProcessId => process?.Id ?? throw new InvalidOperationException("redis-server does not run");

    /// <summary>The server's working directory.</summary>
    public string DirectoryPath => directory.Path;

    /// <summary>Starts a server and completes when it accepts connections.</summary>
    /// <param name="options">How it runs; null = in memory alone.</param>
    /// <param name="prepare">Called with the server's directory before it starts.</param>
    public static async Task<RedisServerProcess> StartAsync(RedisServerOptions? options = null, Action<string>? prepare = null)
    {
        var server = new RedisServerProcess(options ?? new RedisServerOptions());
        prepare?.Invoke(server.DirectoryPath);
        for (int attempt = 1; attempt <= StartAttempts; attempt++)
        {
            server.Port = FreePort();
            // Another process may take the port between the look and the start: then the server ends at once and the next port is tried.
            if (await server.TryStartAsync() is null)
                return server;
        }
        throw new InvalidOperationException($"redis-server did not start on any of {StartAttempts} free ports; is it installed?");
    }

    /// <summary>Runs one command by <c>redis-cli</c> and returns what it prints.</summary>
    /// <exception cref="InvalidOperationException">The server refuses it.</exception>
    public async Task<string> ExecuteAsync(params string[] command)
    {
        var start = new ProcessStartInfo("redis-cli", ["-p", $"{Port}", "-e", .. command]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process client = Process.Start(start) ?? throw new InvalidOperationException("redis-cli could not be started");
        string reply = await client.StandardOutput.ReadToEndAsync();
        string error = await client.StandardError.ReadToEndAsync();
        await client.WaitForExitAsync();
        return client.ExitCode == 0 ? reply.Trim() : throw new InvalidOperationException($"redis-cli {string.Join(' ', command)}: {reply}{error}");
    }

    /// <summary>Ends the server at once, as <c>kill -9</c> does, and completes when it is gone.</summary>
    public async Task KillAsync()
    {
        if (process is not { } running)
            return;
        process = null;
        running.Kill();
        await running.WaitForExitAsync();
        running.Dispose();
    }

    /// <summary>Stops the server where it is: it accepts bytes and answers nothing.</summary>
    public void Pause() => Signal(SigStop);

    /// <summary>Lets a paused server go on.</summary>
    public void Resume() => Signal(SigCont);

    /// <summary>Starts the killed server again on the same port and directory.</summary>
    /// <exception cref="InvalidOperationException">It ended before it accepted connections; the message carries its output.</exception>
    public async Task RestartAsync()
    {
        if (await TryStartAsync() is { } output)
            throw new InvalidOperationException($"redis-server did not restart:{Environment.NewLine}{output}");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= KillAtExit;
        await KillAsync();
        directory.Dispose();
    }

    private void KillAtExit(object? sender, EventArgs args) => process?.Kill();

    /// <returns>Null when it accepts connections, else what it printed before it ended.</returns>
    private async Task<string?> TryStartAsync()
    {
        var start = new ProcessStartInfo("redis-server", options.Arguments(Port, directory.Path)) { RedirectStandardOutput = true };
        Process started = Process.Start(start) ?? throw new InvalidOperationException("redis-server could not be started");
        var printed = new List<string>();
        while (await started.StandardOutput.ReadLineAsync() is { } line)
        {
            printed.Add(line);
            if (!line.Contains("Ready to accept connections", StringComparison.Ordinal))
                continue;
            process = started;
            _ = started.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
            return null;
        }
        await started.WaitForExitAsync();
        started.Dispose();
        return string.Join(Environment.NewLine, printed);
    }

    private void Signal(int signal)
    {
        if (kill(process!.Id, signal) != 0)
            throw new InvalidOperationException($"signal {signal} could not be sent to redis-server");
    }

    [LibraryImport("libc")]
    private static partial int kill(int processId, int signal);

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
