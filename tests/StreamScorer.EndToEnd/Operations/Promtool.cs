using System.Diagnostics;

namespace StreamScorer.EndToEnd.Operations;

/// <summary>Prometheus' own checks.</summary>
internal static class Promtool
{
    /// <summary>Nothing when it succeeds, else what it says.</summary>
    public static string Run(string input, params string[] arguments)
    {
        using Process tool = Process.Start(new ProcessStartInfo("promtool", arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> output = tool.StandardOutput.ReadToEndAsync(), errors = tool.StandardError.ReadToEndAsync();
        tool.StandardInput.Write(input);
        tool.StandardInput.Close();
        tool.WaitForExit();
        return tool.ExitCode == 0 ? "" : $"{output.Result}{errors.Result}exit code {tool.ExitCode}";
    }
}
