using System.CommandLine;
using StreamScorer.Redis;
using StreamScorer.Standalone.Database;
using StreamScorer.Worker.Configuration;
using StreamScorer.Worker.Hosting;

namespace StreamScorer.Worker.CommandLine;

/// <summary><c>streamscorer backup FILE</c> and <c>restore FILE</c>: the state of the configured store as one checked file.</summary>
internal static class BackupCommand
{
    private static readonly Argument<string> file = new("FILE") { Description = "The backup" };
    private static readonly Option<bool> replace = new("--replace") { Description = "Remove the state that is there" };

    /// <summary>The command that writes.</summary>
    public static Command BuildBackup(ConfigurationFlags flags)
    {
        var command = new Command("backup", "Copy the state into one file, also while workers run, and check the copy") { file };
        command.SetAction(async (parsed, cancellation) =>
        {
            StreamScorerOptions options = flags.Load(parsed);
            string path = parsed.GetValue(file)!;
            if (options.Store == StoreKind.Redis)
                await RedisBackup.WriteAsync(ClientOptions.Redis(options), path, cancellation);
            else
                StandaloneBackup.Write(Path.Combine(options.DataDirectory, Deployment.FileName), path);
            parsed.InvocationConfiguration.Output.WriteLine($"{path}: {new FileInfo(path).Length} bytes, checked");
            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>The command that reads.</summary>
    public static Command BuildRestore(ConfigurationFlags flags)
    {
        var command = new Command("restore", "Put a backup in the place of the state; no worker may run") { file, replace };
        command.SetAction(async (parsed, cancellation) =>
        {
            StreamScorerOptions options = flags.Load(parsed);
            (string path, bool replaces) = (parsed.GetValue(file)!, parsed.GetValue(replace));
            if (!File.Exists(path))
                throw new OptionsException([$"{path}: there is no such file"]);
            if (options.Store == StoreKind.Redis)
                await RedisBackup.RestoreAsync(ClientOptions.Redis(options), path, replaces, cancellation);
            else
                StandaloneBackup.Restore(path, Path.Combine(options.DataDirectory, Deployment.FileName), replaces);
            parsed.InvocationConfiguration.Output.WriteLine($"{path}: restored");
            return ExitCode.Ok;
        });
        return command;
    }
}
