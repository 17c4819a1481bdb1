using System.Text.Encodings.Web;
using StreamScorer.Engine;
using StreamScorer.Scoring.Policy;
using StreamScorer.Worker.CommandLine;
using StreamScorer.Worker.Configuration;
using StreamScorer.Worker.Customers;
using StreamScorer.Worker.Hosting;
using StreamScorer.Worker.Populations;
using StreamScorer.Worker.Web.Ingest;
using StreamScorer.Worker.Web.Security;
using StreamScorer.Worker.Web.Streams;
using StreamScorer.Worker.Webhooks;

namespace StreamScorer.Worker.Web;

/// <summary>What the web surface is made of.</summary>
internal static class WebServices
{
    private const int HeadersBytesMax = 16 * 1024;

    /// <summary>Adds the server and everything that the routes take.</summary>
    public static void Add(WebApplicationBuilder builder, StreamScorerOptions options, Deployment deployment)
    {
        builder.WebHost.UseKestrelCore().UseUrls(options.Http.Urls).ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Limits.MaxRequestBodySize = options.Http.BodyBytesMax;
            server.Limits.MaxRequestHeadersTotalSize = HeadersBytesMax;
        });
        IServiceCollection services = builder.Services;
        services.AddRouting();
        services.AddProblemDetails();
        // The framework's own choice leaves markup as it is, and a problem repeats what was asked.
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.Encoder = JavaScriptEncoder.Default);
        services.AddExceptionHandler<FailureHandler>();
        services.AddSingleton(options.Http);
        services.AddSingleton(options.Publish);
        AddCustomers(services, options, deployment);
        AddStreams(services, options.Http, deployment);
        AddIngest(services, options, deployment);
        services.AddSingleton(options.Webhooks);
        services.AddSingleton(new WebhookFile(options.DataDirectory));
        services.AddHostedService<WebhookSender>();
        services.AddSingleton(KeyFile.Of(options, TimeProvider.System));
        services.AddSingleton(new BearerTokens(options.Security.Jwt));
        services.AddSingleton<AccessControl>();
        services.AddRateLimiter(limiter => RequestRate.Configure(limiter, options.Http.RequestsPerSecondMax));
        services.AddOpenApi("v1");
    }

    private static void AddCustomers(IServiceCollection services, StreamScorerOptions options, Deployment deployment)
    {
        services.AddSingleton(provider => new CurrentPopulation(
            deployment.Store, deployment.PartitionCount, provider.GetRequiredService<ScoringRules>, TimeProvider.System));
        services.AddSingleton(provider => new CustomerLookup(
            deployment.Store, deployment.PartitionCount, provider.GetRequiredService<ScoringRules>, provider.GetRequiredService<CurrentPopulation>(),
            ClientOptions.EffectiveClock(options), TimeProvider.System));
        services.AddSingleton(provider => new PopulationReader(
            deployment.Store, deployment.PartitionCount, provider.GetRequiredService<ScoringRules>, ClientOptions.EffectiveClock(options), TimeProvider.System));
    }

    private static void AddStreams(IServiceCollection services, HttpSettings http, Deployment deployment)
    {
        services.AddSingleton(new StreamLimit(http.StreamsMax));
        services.AddSingleton(new TransitionFeed(deployment.Sink, deployment.PartitionCount, http.HeartbeatInterval, TimeProvider.System));
        services.AddHostedService(provider => provider.GetRequiredService<TransitionFeed>());
        services.AddSingleton<TransitionHistory>();
    }

    private static void AddIngest(IServiceCollection services, StreamScorerOptions options, Deployment deployment)
    {
        services.AddSingleton(provider => new CustomerEraser(
            deployment, () => EraseCommand.NewWriter(options, provider.GetRequiredService<ILoggerFactory>()), TimeProvider.System));
        services.AddSingleton(provider => new InputWriter(
            deployment, () => EraseCommand.NewWriter(options, provider.GetRequiredService<ILoggerFactory>())));
        services.AddHostedService(provider => provider.GetRequiredService<InputWriter>());
        services.AddSingleton(new PresentTime(deployment.Store, options, TimeProvider.System));
        services.AddTransient(provider => new EventIntake(
            provider.GetRequiredService<ScoringRules>(), provider.GetRequiredService<EngineOptions>(), provider.GetRequiredService<PresentTime>(), deployment.PartitionCount));
        services.AddSingleton(new IngestLimit(deployment, options.Http.PendingBytesMax, options.Http.BacklogMax, TimeProvider.System));
    }
}
