using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using StreamScorer.Engine;
using StreamScorer.Kafka;
using StreamScorer.Scoring.Tests;
using StreamScorer.Worker.Configuration;
using StreamScorer.Worker.Hosting;
using StreamScorer.Worker.Observability;

namespace StreamScorer.Worker.Tests.Observability;

public sealed class LogTests
{
    private static readonly Assembly[] assemblies = [typeof(LogPage).Assembly, typeof(KafkaOptions).Assembly];

    [Fact]
    public void The_page_of_messages_is_the_one_that_the_code_makes() => Golden.Matches("config/LOGS.md", LogPage.Build(assemblies));

    [Fact]
    public void Every_message_has_an_id_of_its_own()
    {
        int[] ids = [.. LogPage.Messages(assemblies).Select(pair => pair.Message.EventId)];

        Assert.True(ids.Length > 15);
        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.All(ids, id => Assert.True(id > 0));
    }

    [Fact]
    public void No_message_above_debug_names_a_customer_or_an_event() =>
        Assert.All(LogPage.Messages(assemblies).Where(pair => pair.Message.Level > LogLevel.Debug), pair =>
            Assert.DoesNotMatch("(?i)\\{(customer(id)?|key|event(id)?|value|payload)\\}", pair.Message.Message));

    [Fact]
    public async Task A_reload_takes_a_usable_level_over_and_keeps_the_old_one_otherwise()
    {
        var levels = new LogLevelSwitch(LogLevel.Information);
        Func<StreamScorerOptions> load = () => new StreamScorerOptions { Logging = new LoggingSettings { Level = LogLevel.Debug } };
        var activation = new PolicyActivation(PolicyOutcome.Accepted);
        using var reloading = new Reloading(() => load(), levels, _ => Task.FromResult(activation), NullLogger.Instance);

        await reloading.ReloadAsync();
        Assert.Equal(LogLevel.Debug, levels.Level);

        load = () => throw new OptionsException(["Logging:Level = loud"]);
        await reloading.ReloadAsync();
        Assert.Equal(LogLevel.Debug, levels.Level);

        // A policy that is refused takes nothing over: the configuration counts as a whole.
        load = () => new StreamScorerOptions { Logging = new LoggingSettings { Level = LogLevel.Error } };
        activation = new PolicyActivation(PolicyOutcome.Refused, "not newer");
        await reloading.ReloadAsync();
        Assert.Equal(LogLevel.Debug, levels.Level);
    }

    [Fact]
    public void A_changed_level_reaches_loggers_that_exist_already()
    {
        var seen = new ConcurrentQueue<string>();
        var levels = new LogLevelSwitch(LogLevel.Warning);
        using ILoggerFactory loggers = LoggerFactory.Create(logging =>
        {
            LogSetup.Configure(logging, new LoggingSettings(), levels);
            logging.ClearProviders().AddProvider(new QueueProvider(seen));
        });
        ILogger ours = loggers.CreateLogger("StreamScorer"), foreign = loggers.CreateLogger("Microsoft.AspNetCore");

        ours.LogInformation("before");
        levels.Level = LogLevel.Information;
        ours.LogInformation("after");
        foreign.LogInformation("chatter");
        foreign.LogWarning("trouble");

        Assert.Equal(["after", "trouble"], seen);
    }

    private sealed class QueueProvider(ConcurrentQueue<string> seen) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            seen.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
