using System.CommandLine;
using StreamScorer.Worker.Configuration;

namespace StreamScorer.Worker.CommandLine;

/// <summary>The flags that every command takes: short names for configuration keys, <c>--set</c> for any key, <c>--config</c> for another file.</summary>
public sealed class ConfigurationFlags
{
    /// <summary>The configuration file, relative to the working directory or beside the program.</summary>
    public const string DefaultFile = "config/streamscorer.json";

    /// <summary>Makes <c>run</c> stop in good order when its standard input closes.</summary>
    public const string UntilInputClosesFlag = "--until-input-closes";

    private readonly Option<string?> file = new("--config")
    {
        Description = $"Configuration file [default: {DefaultFile}]",
        HelpName = "FILE",
        Recursive = true,
    };

    private readonly Option<string[]> set = new("--set")
    {
        Description = "Set any configuration key, for example --set Engine:BatchSizeMax=100",
        HelpName = "KEY=VALUE",
        Recursive = true,
    };

    private readonly Dictionary<string, Option<string?>> named = new()
    {
        ["Source"] = Flag("--source", "standalone|kafka", "Where transactions come from"),
        ["Store"] = Flag("--store", "standalone|redis", "Where state lives"),
        ["Kafka:BootstrapServers"] = Flag("--bootstrap", "HOST:PORT", "Kafka brokers to ask first"),
        ["Kafka:GroupId"] = Flag("--group", "NAME", "Kafka consumer group"),
        ["Redis:Endpoints"] = Flag("--redis", "HOST:PORT", "Redis server"),
        ["DataDirectory"] = Flag("--data", "DIRECTORY", "Directory of the standalone log and store"),
        ["PolicyFile"] = Flag("--policy", "FILE", "Scoring policy"),
        ["Http:Urls"] = Flag("--urls", "URL", "Address of the web surface, or none"),
        ["Logging:Level"] = Flag("--log-level", "LEVEL", "Least severe level that is logged"),
    };

    /// <summary>Adds the flags to the root, from where all commands inherit them.</summary>
    public void AddTo(Command root)
    {
        root.Add(file);
        root.Add(set);
        foreach (Option<string?> option in named.Values)
            root.Add(option);
    }

    /// <summary>The options from file, environment and the flags of this command line.</summary>
    /// <exception cref="OptionsException">They cannot be used.</exception>
    public StreamScorerOptions Load(ParseResult parsed)
    {
        var layers = new List<OptionsLayer>();
        if ((parsed.GetValue(file) ?? DefaultPaths.Find(DefaultFile)) is string path)
            layers.Add(OptionsLayer.FromFile(path));
        layers.Add(OptionsLayer.FromEnvironment(Environment.GetEnvironmentVariables()));
        layers.Add(OptionsLayer.FromFlags(Given(parsed)));
        return OptionsLoader.Load(layers);
    }

    /// <summary>The short flag of a key, or null when only <c>--set</c> reaches it.</summary>
    public string? FlagOf(string key) => named.TryGetValue(key, out Option<string?>? option) ? option.Name : null;

    private static Option<string?> Flag(string name, string helpName, string description) =>
        new(name) { Description = description, HelpName = helpName, Recursive = true };

    private Dictionary<string, string?> Given(ParseResult parsed)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach ((string key, Option<string?> option) in named)
            if (parsed.GetValue(option) is string value)
                values[key] = value;
        foreach (string pair in parsed.GetValue(set) ?? [])
        {
            int equals = pair.IndexOf('=');
            if (equals <= 0)
                throw new OptionsException([$"--set {pair}: allowed is KEY=VALUE"]);
            values[pair[..equals]] = pair[(equals + 1)..];
        }
        return values;
    }
}
