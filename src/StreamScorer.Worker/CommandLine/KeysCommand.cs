using System.CommandLine;
using System.Text.Json;
using StreamScorer.Worker.Configuration;
using StreamScorer.Worker.Web.Security;

namespace StreamScorer.Worker.CommandLine;

/// <summary><c>streamscorer keys add|list|revoke</c>: who may use the web surface. A running worker follows within a second, once it has keys at all.</summary>
internal static class KeysCommand
{
    private static readonly Argument<string> name = new("NAME") { Description = "Who gets the key, for people, such as \"Call centre\"" };
    private static readonly Argument<string> id = new("ID") { Description = "Id of the key, as in the list" };
    private static readonly Option<string[]> roles = new("--role")
    {
        Description = "What it may do; can be repeated. read: look at everything; ingest: send events; admin: both, and erase",
        HelpName = "read|ingest|admin",
        Required = true,
    };

    private static readonly Option<bool> json = new("--json") { Description = "Print one JSON array and nothing else on standard output" };

    /// <summary>The command.</summary>
    public static Command Build(ConfigurationFlags flags)
    {
        var add = new Command("add", "Make a key; its text is printed this once") { name, roles };
        add.SetAction(parsed => Add(Open(flags, parsed), parsed.GetValue(name)!, RolesOf(parsed.GetValue(roles)!), parsed.InvocationConfiguration));
        var list = new Command("list", "Show the keys, without their texts") { json };
        list.SetAction(parsed => List(Open(flags, parsed), parsed.GetValue(json), parsed.InvocationConfiguration));
        var revoke = new Command("revoke", "End a key; running workers follow within a second") { id };
        revoke.SetAction(parsed => Revoke(Open(flags, parsed), parsed.GetValue(id)!, parsed.InvocationConfiguration.Error));
        return new Command("keys", "Manage the keys of the web surface: who may look, send events, erase") { add, list, revoke };
    }

    private static KeyFile Open(ConfigurationFlags flags, ParseResult parsed) => KeyFile.Of(flags.Load(parsed), TimeProvider.System);

    private static Role[] RolesOf(string[] given) =>
    [
        .. given.Select(text => Enum.GetValues<Role>().Where(role => NameOf(role) == text).Cast<Role?>().FirstOrDefault()
            ?? throw new OptionsException([$"--role = {text}: allowed is {string.Join(", ", Enum.GetValues<Role>().Select(NameOf))}"])),
    ];

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

    private static int List(KeyFile file, bool asJson, InvocationConfiguration terminal)
    {
        if (asJson)
        {
            terminal.Output.WriteLine(JsonSerializer.Serialize(file.Keys.Select(key => new { key.Id, key.Name, Roles = Names(key), key.Created }), JsonSerializerOptions.Web));
            return ExitCode.Ok;
        }
        foreach (ApiKey key in file.Keys)
            terminal.Output.WriteLine($"{key.Id}  {key.Created:yyyy-MM-dd}  {string.Join(',', Names(key)),-18}  {key.Name}");
        if (file.Keys.Count == 0)
            terminal.Error.WriteLine($"{file.Path} has no key; make one with: streamscorer keys add NAME --role read");
        return ExitCode.Ok;
    }

    private static int Revoke(KeyFile file, string id, TextWriter remarks)
    {
        if (file.Keys.FirstOrDefault(each => each.Id == id) is not ApiKey key)
            throw new OptionsException([$"keys revoke {id}: {file.Path} has no such key; allowed is an id of streamscorer keys list"]);
        file.Write([.. file.Keys.Where(each => each.Id != id)]);
        remarks.WriteLine($"key {id} of {key.Name} is ended; running workers refuse it within a second");
        return ExitCode.Ok;
    }

    private static IEnumerable<string> Names(ApiKey key) => key.Roles.Select(NameOf);

    private static string NameOf(Role role) => role.ToString().ToLowerInvariant();
}
