using System.CommandLine;
using StreamScorer.Worker.Configuration;

namespace StreamScorer.Worker.CommandLine;

/// <summary><c>streamscorer probe live|ready</c>: asks the worker on this machine, for health checks where there is no other HTTP client.</summary>
internal static class ProbeCommand
{
    private static readonly TimeSpan timeout = TimeSpan.FromSeconds(4);

    private static readonly Argument<string> question = new("QUESTION")
    {
        Description = "live, ready or startup",
        DefaultValueFactory = _ => "live",
    };

    /// <summary>The command.</summary>
    public static Command Build(ConfigurationFlags flags)
    {
        question.AcceptOnlyFromAmong("live", "ready", "startup");
        var command = new Command("probe", "Ask the worker on this machine whether it is live or ready; ends with 1 when it is not") { question };
        command.SetAction((parsed, cancellation) =>
            RunAsync(flags.Load(parsed).Http.Urls, parsed.GetValue(question)!, parsed.InvocationConfiguration, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string urls, string asked, InvocationConfiguration terminal, CancellationToken cancellation)
    {
        if (urls == UrlsAttribute.None)
            throw new OptionsException(["Http:Urls = none: a worker without a web surface cannot be asked"]);
        using var http = new HttpClient { Timeout = timeout };
        try
        {
            using HttpResponseMessage answer = await http.GetAsync(new Uri(Local(urls.Split(';')[0]), $"/health/{asked}"), cancellation);
            terminal.Output.WriteLine(await answer.Content.ReadAsStringAsync(cancellation));
            return answer.IsSuccessStatusCode ? ExitCode.Ok : ExitCode.Failed;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            terminal.Error.WriteLine($"error: {urls} does not answer: {e.Message}");
            return ExitCode.Failed;
        }
    }

    /// <summary>An address that means every interface is asked on loopback.</summary>
    private static Uri Local(string url) => new(url
        .Replace("//0.0.0.0:", "//127.0.0.1:", StringComparison.Ordinal)
        .Replace("//[::]:", "//127.0.0.1:", StringComparison.Ordinal)
        .Replace("//*:", "//127.0.0.1:", StringComparison.Ordinal)
        .Replace("//+:", "//127.0.0.1:", StringComparison.Ordinal));
}
