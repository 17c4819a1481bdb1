using System.Runtime.InteropServices;
using StreamScorer.Worker.Configuration;

namespace StreamScorer.Worker.Hosting;

/// <summary>
/// SIGHUP reads the configuration again and takes over what can change in a running worker: the log level. What cannot be used changes nothing and says why.
/// </summary>
internal sealed class Reloading : IDisposable
{
    private readonly Func<StreamScorerOptions> load;
    private readonly LogLevelSwitch levels;
    private readonly ILogger logger;
    private readonly PosixSignalRegistration registration;

    /// <param name="load">Reads the configuration from where it came at the start.</param>
    /// <param name="levels">The level in force.</param>
    /// <param name="logger">Says what was taken over.</param>
    public Reloading(Func<StreamScorerOptions> load, LogLevelSwitch levels, ILogger logger)
    {
        (this.load, this.levels, this.logger) = (load, levels, logger);
        registration = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            // The default of the signal would end the process.
            context.Cancel = true;
            Reload();
        });
    }

    /// <summary>Reads and takes over.</summary>
    public void Reload()
    {
        try
        {
            levels.Level = load().Logging.Level;
            logger.ConfigurationReloaded(levels.Level);
        }
        catch (OptionsException e)
        {
            logger.ConfigurationNotReloaded(string.Join("; ", e.Errors));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => registration.Dispose();
}
