using System.Runtime.InteropServices;
using StreamScorer.Engine;
using StreamScorer.Scoring.Policy;
using StreamScorer.Worker.Configuration;

namespace StreamScorer.Worker.Hosting;

/// <summary>
/// SIGHUP reads the configuration again and takes over what can change in a running worker: the log level and the scoring policy. What cannot be used
/// changes nothing, the other one neither, and says why.
/// </summary>
internal sealed class Reloading : IDisposable
{
    private readonly Func<StreamScorerOptions> load;
    private readonly LogLevelSwitch levels;
    private readonly Func<ScoringRules, Task<PolicyActivation>> activate;
    private readonly ILogger logger;
    private readonly PosixSignalRegistration registration;

    /// <param name="load">Reads the configuration from where it came at the start.</param>
    /// <param name="levels">The level in force.</param>
    /// <param name="activate">Offers a policy to the engine.</param>
    /// <param name="logger">Says what was taken over.</param>
    public Reloading(Func<StreamScorerOptions> load, LogLevelSwitch levels, Func<ScoringRules, Task<PolicyActivation>> activate, ILogger logger)
    {
        (this.load, this.levels, this.activate, this.logger) = (load, levels, activate, logger);
        registration = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            // The default of the signal would end the process.
            context.Cancel = true;
            ReloadAsync().GetAwaiter().GetResult();
        });
    }

    /// <summary>Reads and takes over.</summary>
    public async Task ReloadAsync()
    {
        try
        {
            StreamScorerOptions options = load();
            ScoringRules rules = PolicyLoader.Load(options.PolicyFile);
            PolicyActivation activation = await activate(rules);
            if (activation.Outcome == PolicyOutcome.Refused)
            {
                logger.ConfigurationNotReloaded(activation.Refusal!);
                return;
            }
            if (activation.Outcome == PolicyOutcome.Accepted)
                logger.PolicyActivated(rules.Policy.Version);
            levels.Level = options.Logging.Level;
            logger.ConfigurationReloaded(levels.Level);
        }
        catch (OptionsException e)
        {
            logger.ConfigurationNotReloaded(string.Join("; ", e.Errors));
        }
        catch (Exception e) when (e is PortException or OperationCanceledException)
        {
            logger.ConfigurationNotReloaded(e.Message);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => registration.Dispose();
}
