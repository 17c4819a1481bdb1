using System.CommandLine;
using System.Text.Json;
using StreamScorer.Worker.Configuration;
using StreamScorer.Worker.Web.Security;

namespace StreamScorer.Worker.CommandLine;

/// <summary><c>streamscorer keys add|list|revoke</c>: who may use the web surface. A running worker follows within a second, once it has keys at all.</summary>
internal static class KeysCommand
{
    private static readonly Argument<string> name = new("NAME") { Description = "Who gets the key, for people" };
    private static readonly Argument<string> id = new("ID") { Description = "Id of the key, as in the list" };
    private static readonly Option<Role[]> roles = new("--role") { Description = "What it may do; can be repeated", Required = true };
    private static readonly Option<bool> json = new("--json") { Description = "Print one JSON array and nothing else on standard output" };

    /// <summary>The command.</summary>
    public static Command Build(ConfigurationFlags flags)
    {
        var add = new Command("add", "Make a key; its text is printed this once") { name, roles };
        add.SetAction(parsed => Add(Open(flags, parsed), parsed.GetValue(name)!, parsed.GetValue(roles)!, parsed.InvocationConfiguration));
        var list = new Command("list", "Show the keys, without their texts") { json };
        list.SetAction(parsed => List(Open(flags, parsed), parsed.GetValue(json), parsed.InvocationConfiguration.Output));
        var revoke = new Command("revoke", "End a key") { id };
        revoke.SetAction(parsed => Revoke(Open(flags, parsed), parsed.GetValue(id)!));
        return new Command("keys", "Manage the keys of the web surface") { add, list, revoke };
    }

    private static KeyFile Open(ConfigurationFlags flags, ParseResult parsed) => KeyFile.Of(flags.Load(parsed), TimeProvider.System);

    private static int Add(KeyFile file, string name, Role[] roles, InvocationConfiguration terminal)
    {
        bool isFirst = !file.Exists;
        (ApiKey key, string text) = ApiKey.Create(name, roles, TimeProvider.System.GetUtcNow().UtcDateTime);
        file.Write([.. file.Keys, key]);
        terminal.Output.WriteLine(text);
        terminal.Error.WriteLine($"key {key.Id} of {name} is in {file.Path}; its text is shown this once");
        if (isFirst)
            terminal.Error.WriteLine("This is the first key: a worker that runs without keys has to be restarted once.");
        return ExitCode.Ok;
    }

    private static int List(KeyFile file, bool asJson, TextWriter output)
    {
        if (asJson)
        {
            output.WriteLine(JsonSerializer.Serialize(file.Keys.Select(key => new { key.Id, key.Name, Roles = Names(key), key.Created }), JsonSerializerOptions.Web));
            return ExitCode.Ok;
        }
        foreach (ApiKey key in file.Keys)
            output.WriteLine($"{key.Id}  {key.Created:yyyy-MM-dd}  {string.Join(',', Names(key)),-18}  {key.Name}");
        return ExitCode.Ok;
    }

    private static int Revoke(KeyFile file, string id)
    {
        if (!file.Keys.Any(key => key.Id == id))
            throw new OptionsException([$"keys revoke {id}: no such key; allowed is an id of streamscorer keys list"]);
        file.Write([.. file.Keys.Where(key => key.Id != id)]);
        return ExitCode.Ok;
    }

    private static IEnumerable<string> Names(ApiKey key) => key.Roles.Select(role => role.ToString().ToLowerInvariant());
}
