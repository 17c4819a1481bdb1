using System.CommandLine;
using StreamScorer.Worker.Schemas;

namespace StreamScorer.Worker.CommandLine;

/// <summary><c>streamscorer schema</c>: writes what other programs rely on.</summary>
internal static class SchemaCommand
{
    private static readonly Option<string> output = new("--output")
    {
        Description = "Directory to write to; created when missing",
        HelpName = "DIRECTORY",
        DefaultValueFactory = _ => "schemas",
    };

    /// <summary>The command.</summary>
    public static Command Build()
    {
        var command = new Command("schema", "Write the AsyncAPI document, the JSON Schemas of all messages, examples, and the table of configuration keys") { output };
        command.SetAction(parsed =>
        {
            string directory = parsed.GetValue(output)!;
            foreach ((string path, string content) in ContractFiles.Build().Append(new("CONFIGURATION.md", ConfigurationPage.Build())))
            {
                string file = Path.Combine(directory, path);
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                File.WriteAllText(file, content);
                parsed.InvocationConfiguration.Output.WriteLine(file);
            }
            return ExitCode.Ok;
        });
        return command;
    }
}
