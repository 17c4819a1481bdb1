using System.CommandLine;

namespace StreamScorer.Worker.CommandLine;

/// <summary>The whole command line of <c>streamscorer</c>.</summary>
public static class StreamScorerCommand
{
    /// <summary>Parses and runs; returns the exit code.</summary>
    /// <param name="arguments">Without the program's name.</param>
    /// <param name="output">Results; with <c>--json</c> the JSON and nothing else.</param>
    /// <param name="error">Errors, logs and progress.</param>
    public static async Task<int> InvokeAsync(string[] arguments, TextWriter output, TextWriter error)
    {
        ParseResult parsed = Build().Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (System.CommandLine.Parsing.ParseError mistake in parsed.Errors)
                error.WriteLine($"error: {mistake.Message}");
            error.WriteLine("Run streamscorer --help to see what is allowed.");
            return ExitCode.Usage;
        }
        // Termination is each command's own: the default would cut a draining worker off after two seconds.
        var invocation = new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        try
        {
            return await parsed.InvokeAsync(invocation);
        }
        catch (Exception e) when (Failure.TryDescribe(e, out string? description, out int exitCode))
        {
            error.WriteLine(description);
            return exitCode;
        }
    }

    private static RootCommand Build()
    {
        var flags = new ConfigurationFlags();
        var root = new RootCommand($"Real-time customer value: transactions in, tier transitions out.\n\n{ExitCode.Help}");
        flags.AddTo(root);
        root.Add(RunCommand.Build(flags));
        root.Add(ReplayCommand.Build(flags));
        root.Add(CustomerCommand.Build(flags));
        root.Add(DeadLettersCommand.Build(flags));
        root.Add(EraseCommand.Build(flags));
        root.Add(KeysCommand.Build(flags));
        root.Add(WebhooksCommand.Build(flags));
        root.Add(FitCommand.Build(flags));
        root.Add(SimulateCommand.Build(flags));
        root.Add(DoctorCommand.Build(flags));
        root.Add(ProbeCommand.Build(flags));
        root.Add(SchemaCommand.Build());
        root.Add(BackupCommand.BuildBackup(flags));
        root.Add(BackupCommand.BuildRestore(flags));
        root.Add(RepartitionCommand.Build(flags));
        root.Add(RaiseLayoutCommand.Build(flags));
        root.SetAction((parsed, cancellation) => Hosting.WorkerHost.RunAsync(() => flags.Load(parsed), cancellation));
        return root;
    }
}
