using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Connections;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Publish;
using StreamScorer.Engine.Source;
using StreamScorer.Worker.Configuration;
using StreamScorer.Worker.Input;
using StreamScorer.Worker.Replay;

namespace StreamScorer.Worker.CommandLine;

/// <summary>Turns the failures that a person can do something about into a line and an exit code; all others keep their stack trace.</summary>
public static class Failure
{
    /// <summary>False when <paramref name="exception"/> is not one of the expected kinds.</summary>
    public static bool TryDescribe(Exception exception, [NotNullWhen(true)] out string? description, out int exitCode)
    {
        (description, exitCode) = exception switch
        {
            OptionsException e => (string.Join('\n', e.Errors.Select(line => $"error: {line}")), ExitCode.Usage),
            EventFileException e => ($"error: {e.Message}", ExitCode.Usage),
            EventSourceException or TransitionSinkException or StateStoreException => ($"error: {exception.Message}", ExitCode.Unavailable),
            WorkerFailedException e => ($"error: {e.Message}", ExitCode.Failed),
            IOException { InnerException: AddressInUseException } e => ($"error: {e.Message} Choose another address with --urls, or none", ExitCode.Usage),
            OperationCanceledException => ("interrupted", ExitCode.Interrupted),
            _ => (null, ExitCode.Failed),
        };
        return description is not null;
    }
}
