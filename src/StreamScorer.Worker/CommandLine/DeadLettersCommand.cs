using System.CommandLine;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Decode;
using StreamScorer.Engine.Publish;
using StreamScorer.Engine.Source;
using StreamScorer.Kafka;
using StreamScorer.Scoring.State;
using StreamScorer.Standalone.Log;
using StreamScorer.Worker.Configuration;
using StreamScorer.Worker.Hosting;

namespace StreamScorer.Worker.CommandLine;

/// <summary><c>streamscorer dead-letters list|replay|resume</c>: the records that could not be used, and how they come back after a fix.</summary>
internal static class DeadLettersCommand
{
    private const int ShownBytes = 80;

    private static readonly HashSet<string> addedHeaders =
    [
        "reason", "message", "source-topic", "source-partition", "source-offset", "source-timestamp", "application-version",
    ];

    private static readonly Option<string?> reason = new("--reason") { Description = "Only those rejected for this reason", HelpName = "REASON", Recursive = true };

    /// <summary>The command.</summary>
    public static Command Build(ConfigurationFlags flags)
    {
        reason.AcceptOnlyFromAmong([.. Enum.GetValues<RejectionReason>().Skip(1).Select(value => value.Name())]);
        var list = new Command("list", "Print partition, offset, reason, source, message and the beginning of each");
        list.SetAction((parsed, cancellation) => ListAsync(flags.Load(parsed), parsed, cancellation));
        var replay = new Command("replay", "Send them back to the input as they came; repeats of applied events are recognised by their id");
        replay.SetAction((parsed, cancellation) => ReplayAsync(flags.Load(parsed), parsed, cancellation));
        var resume = new Command("resume", "End the pauses of partitions that had too many of them");
        resume.SetAction((parsed, cancellation) => ResumeAsync(flags.Load(parsed), parsed, cancellation));
        return new Command("dead-letters", "Records that could not be used") { reason, list, replay, resume };
    }

    private static async Task<int> ListAsync(StreamScorerOptions options, ParseResult parsed, CancellationToken cancellation)
    {
        await using Deployment deployment = options.Source == SourceKind.Kafka
            ? await Deployment.OpenAsync(options, NullLoggerFactory.Instance, cancellation)
            : Deployment.OpenStandaloneReadOnly(options);
        await foreach ((int partition, PublishedRecord letter) in ReadAsync(deployment, parsed.GetValue(reason), cancellation))
        {
            ReadOnlySpan<byte> value = letter.Value ?? [];
            string text = Encoding.UTF8.GetString(value[..Math.Min(value.Length, ShownBytes)]);
            parsed.InvocationConfiguration.Output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{partition}:{letter.Position} {Header(letter, "reason")} {Header(letter, "source-topic")}/{Header(letter, "source-partition")}/{Header(letter, "source-offset")} {Header(letter, "message")} | {text.ReplaceLineEndings(" ")}"));
        }
        return ExitCode.Ok;
    }

    private static async Task<int> ReplayAsync(StreamScorerOptions options, ParseResult parsed, CancellationToken cancellation)
    {
        await using Deployment deployment = await Deployment.OpenAsync(options, NullLoggerFactory.Instance, cancellation);
        await using KafkaLogWriter? writer = deployment.Log is null ? EraseCommand.NewWriter(options, NullLoggerFactory.Instance) : null;
        if (writer is not null)
            await writer.OpenAsync(cancellation);
        int sent = 0, skipped = 0;
        await foreach ((int partition, PublishedRecord letter) in ReadAsync(deployment, parsed.GetValue(reason), cancellation))
        {
            // What is left of a truncated one is not what the producer sent.
            if (Header(letter, "truncated") == "true")
            {
                skipped++;
                continue;
            }
            List<KeyValuePair<string, byte[]?>> headers = [.. letter.Headers.Where(header => !addedHeaders.Contains(header.Key))];
            if (writer is not null)
                await writer.AppendAsync(partition, letter.Key, letter.Value, headers, cancellation);
            else
                await AppendAsync(deployment.Log!, partition, letter, headers);
            sent++;
        }
        if (writer is not null)
            await writer.FlushAsync(cancellation);
        parsed.InvocationConfiguration.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"sent back {sent}, truncated and left {skipped}"));
        return ExitCode.Ok;
    }

    private static async Task<int> ResumeAsync(StreamScorerOptions options, ParseResult parsed, CancellationToken cancellation)
    {
        await using Deployment deployment = await Deployment.OpenAsync(options, NullLoggerFactory.Instance, cancellation);
        AppRecord app;
        do
            app = await deployment.Store.ReadOrCreateAppAsync(deployment.Source.Topic, deployment.PartitionCount, RecordLayout.Own, cancellation);
        while (!await deployment.Store.ReplaceAppAsync(app with { ResumedAtMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() }, cancellation));
        parsed.InvocationConfiguration.Output.WriteLine("paused partitions try a batch within a second");
        return ExitCode.Ok;
    }

    private static async IAsyncEnumerable<(int Partition, PublishedRecord Letter)> ReadAsync(
        Deployment deployment, string? reason, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        for (int partition = 0; partition < deployment.PartitionCount; partition++)
        {
            await foreach (PublishedRecord letter in deployment.Sink.ReadDeadLettersAsync(partition, 0, cancellation))
            {
                if (reason is null || Header(letter, "reason") == reason)
                    yield return (partition, letter);
            }
        }
    }

    private static async Task AppendAsync(StandaloneLog log, int partition, PublishedRecord letter, List<KeyValuePair<string, byte[]?>> headers)
    {
        var block = new LogBlock();
        long timestampMs = long.TryParse(Header(letter, "source-timestamp"), CultureInfo.InvariantCulture, out long stored) ? stored : 0;
        block.Add(timestampMs, letter.Key is not null, letter.Key, letter.Value is not null, letter.Value, RecordHeaders.Pack(headers));
        await log.AppendAsync(partition, block);
    }

    private static string Header(PublishedRecord letter, string name) =>
        letter.Headers.LastOrDefault(header => header.Key == name).Value is { } value ? Encoding.UTF8.GetString(value) : "";
}
