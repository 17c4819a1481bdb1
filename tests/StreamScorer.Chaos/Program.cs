using StreamScorer.Chaos;

if (args is ["--help" or "-h", ..])
{
    Console.WriteLine(ChaosArguments.Usage);
    return 0;
}

try
{
    ChaosArguments arguments = ChaosArguments.Parse(args);
    using var interrupted = new CancellationTokenSource();
    Console.CancelKeyPress += (_, press) =>
    {
        press.Cancel = true;
        interrupted.Cancel();
    };
    CampaignResult result = await new Campaign(arguments, Console.Error).RunAsync(interrupted.Token);
    Console.WriteLine(result);
    return result.IsClean ? 0 : 1;
}
catch (Exception e) when (e is FormatException or CampaignException or OperationCanceledException)
{
    Console.Error.WriteLine($"error: {e.Message}");
    return 2;
}
