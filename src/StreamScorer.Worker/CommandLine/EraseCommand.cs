using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using StreamScorer.Kafka;
using StreamScorer.Worker.Configuration;
using StreamScorer.Worker.Customers;
using StreamScorer.Worker.Hosting;

namespace StreamScorer.Worker.CommandLine;

/// <summary><c>streamscorer erase ID</c>: removes a customer, by an event that the partition's owner obeys. A standalone file must not be in use.</summary>
internal static class EraseCommand
{
    private static readonly Argument<string> id = new("ID") { Description = "Customer id" };

    /// <summary>The command.</summary>
    public static Command Build(ConfigurationFlags flags)
    {
        var command = new Command("erase", "Erase a customer: state, timers and pending notices go, events up to now are ignored from then on. Beside a running standalone worker, ask it: DELETE /v1/customers/ID") { id };
        command.SetAction((parsed, cancellation) => RunAsync(
            flags.Load(parsed), parsed.GetValue(id)!, parsed.InvocationConfiguration.Output, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(StreamScorerOptions options, string customerId, TextWriter output, CancellationToken cancellation)
    {
        await using Deployment deployment = await Deployment.OpenAsync(options, NullLoggerFactory.Instance, cancellation);
        await using var eraser = new CustomerEraser(deployment, () => NewWriter(options, NullLoggerFactory.Instance), TimeProvider.System);
        try
        {
            DateTimeOffset at = await eraser.EraseAsync(customerId, cancellation);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"erasure of {customerId} as of {at:yyyy-MM-dd'T'HH:mm:ss.fff'Z'} is in the input; the worker of its partition does it, at once or when it next runs"));
            return ExitCode.Ok;
        }
        catch (ArgumentException e)
        {
            throw new OptionsException([e.Message]);
        }
    }

    internal static KafkaLogWriter NewWriter(StreamScorerOptions options, ILoggerFactory loggers) =>
        new(ClientOptions.Kafka(options), options.Kafka.TransactionsTopic, loggers.CreateLogger<KafkaLogWriter>());
}
