using System.Diagnostics;
using System.Globalization;
using StreamScorer.Worker.CommandLine;
using StreamScorer.Worker.Configuration;

namespace StreamScorer.Worker.Replay;

/// <summary>How this program starts itself as a worker.</summary>
internal static class WorkerProcess
{
    /// <summary>A <c>run</c> with exactly these options, that stops when its input closes.</summary>
    public static ProcessStartInfo StartInfo(StreamScorerOptions options)
    {
        string program = Environment.ProcessPath ?? throw new InvalidOperationException("the path of this program is unknown");
        bool isHosted = Path.GetFileNameWithoutExtension(program).Equals("dotnet", StringComparison.OrdinalIgnoreCase);
        string[] arguments = ["run", ConfigurationFlags.UntilInputClosesFlag];
        var start = new ProcessStartInfo(program, isHosted ? [typeof(WorkerProcess).Assembly.Location, .. arguments] : arguments)
        {
            RedirectStandardInput = true,
        };
        // By environment, because arguments are there for every user of the machine to read, and the Redis password is among the options.
        foreach (OptionKey key in OptionKeys.All.Values)
            start.Environment[OptionsLayer.VariableName(key.Name)] = Text(Value(options, key.Name));
        foreach ((string property, string value) in options.Kafka.Client)
            start.Environment[OptionsLayer.VariableName($"Kafka:Client:{property}")] = value;
        return start;
    }

    private static object? Value(StreamScorerOptions options, string key)
    {
        object? value = options;
        foreach (string part in key.Split(':'))
            value = value?.GetType().GetProperty(part)?.GetValue(value);
        return value;
    }

    private static string? Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture);
}
