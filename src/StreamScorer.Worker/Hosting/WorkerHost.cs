using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using StreamScorer.Engine;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Publish;
using StreamScorer.Engine.Source;
using StreamScorer.Scoring.Policy;
using StreamScorer.Worker.Configuration;
using StreamScorer.Worker.Demo;
using StreamScorer.Worker.Observability;
using StreamScorer.Worker.Web;
using StreamScorer.Worker.Web.Security;

namespace StreamScorer.Worker.Hosting;

/// <summary>The worker as a process: engine, demo stream and web surface in one generic host, until SIGTERM or SIGINT.</summary>
internal static class WorkerHost
{
    // What a stop takes besides draining: the last commit, leaving the group, closing connections.
    private static readonly TimeSpan stopMargin = TimeSpan.FromSeconds(10);

    /// <summary>Runs until SIGTERM, SIGINT or <paramref name="stop"/>, then drains, commits and leaves. What makes it fail is thrown.</summary>
    /// <param name="load">Reads the configuration: at the start, and again for what can be reloaded.</param>
    /// <param name="stop">Asks for the graceful end.</param>
    /// <param name="opened">Told the addresses of the web surface once it answers.</param>
    public static async Task RunAsync(Func<StreamScorerOptions> load, CancellationToken stop, Action<IReadOnlyCollection<string>>? opened = null)
    {
        StreamScorerOptions options = load();
        AccessCheck.Require(options);
        var levels = new LogLevelSwitch(options.Logging.Level);
        ScoringRules rules = PolicyLoader.Load(options.PolicyFile);
        var failpoint = Failpoint.Parse(Environment.GetEnvironmentVariable(Failpoint.Variable));
        using ILoggerFactory loggers = LoggerFactory.Create(logging => LogSetup.Configure(logging, options.Logging, levels));
        await using Deployment deployment = await Deployment.OpenAsync(options, loggers, stop);
        ILogger logger = loggers.CreateLogger("StreamScorer");
        logger.Starting(
            ClientOptions.Version, options.Source.ToString(), options.Store.ToString(), deployment.PartitionCount, rules.Policy.Version);

        using IHost host = Build(options, rules, deployment, levels, failpoint);
        StreamEngine engine = host.Services.GetRequiredService<StreamEngine>();
        using var reloading = new Reloading(load, levels, next => engine.ActivatePolicyAsync(next, stop), logger);
        await host.StartAsync(stop);
        string[] urls = [.. host.Services.GetService<IServer>()?.Features.Get<IServerAddressesFeature>()?.Addresses ?? []];
        foreach (string url in urls)
        {
            logger.WebSurfaceOpen(url);
            logger.PagesOpen($"{url}/", ClientOptions.RunsDemo(options) ? $"{url}/agent?customer={DemoCustomer.FirstId}" : $"{url}/agent");
        }
        opened?.Invoke(urls);
        await host.WaitForShutdownAsync(stop);
        if (host.Services.GetRequiredService<EngineService>().Failure is Exception failure)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        logger.Stopped();
    }

    private static IHost Build(StreamScorerOptions options, ScoringRules rules, Deployment deployment, LogLevelSwitch levels, Failpoint? failpoint)
    {
        if (options.Http.Urls == UrlsAttribute.None)
        {
            HostApplicationBuilder headless = Host.CreateEmptyApplicationBuilder(null);
            LogSetup.Configure(headless.Logging, options.Logging, levels);
            AddEngine(headless.Services, options, rules, deployment, failpoint);
            return headless.Build();
        }
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        LogSetup.Configure(builder.Logging, options.Logging, levels);
        AddEngine(builder.Services, options, rules, deployment, failpoint);
        WebServices.Add(builder, options, deployment);
        WebApplication app = builder.Build();
        WebSurface.Map(app);
        return app;
    }

    private static void AddEngine(
        IServiceCollection services, StreamScorerOptions options, ScoringRules rules, Deployment deployment, Failpoint? failpoint)
    {
        services.Configure<HostOptions>(host => host.ShutdownTimeout = options.Engine.RevokeDrainMax + stopMargin);
        services.AddSingleton<IHostLifetime, Microsoft.Extensions.Hosting.Internal.ConsoleLifetime>();
        services.AddSingleton(TimeProvider.System);
        // Asked for anew whenever it is needed: another policy may be in force by then.
        services.AddTransient(provider => provider.GetRequiredService<StreamEngine>().Rules);
        services.AddSingleton(deployment.Source);
        services.AddSingleton(deployment.Store);
        services.AddSingleton(deployment.Sink);
        ObservabilityServices.Add(services, options, deployment.PartitionCount);
        services.AddSingleton(ClientOptions.Engine(options));
        if (failpoint is not null)
            services.AddSingleton<Action<EngineStep>>(failpoint.Reached);
        services.AddSingleton<TaskScheduler>(_ => new EngineThreads(Environment.ProcessorCount));
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<StreamEngine>(provider, rules));
        services.AddSingleton<EngineService>();
        services.AddHostedService(provider => provider.GetRequiredService<EngineService>());
        if (!ClientOptions.RunsDemo(options))
            return;
        services.AddSingleton(options.Demo);
        services.AddSingleton(deployment.Log!);
        services.AddHostedService<DemoFeeder>();
    }
}
