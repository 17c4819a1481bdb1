using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using StreamScorer.Worker.Configuration;
using StreamScorer.Worker.Web.Streams;
using StreamScorer.Worker.Webhooks;

namespace StreamScorer.Worker.CommandLine;

/// <summary><c>streamscorer webhooks add|list|test|replay|rotate|remove</c>: who is called on which transitions. A running worker follows within a second.</summary>
internal static class WebhooksCommand
{
    private const int IdBytes = 4;
    private static readonly Argument<string> url = new("URL") { Description = "Where to post, http or https" };
    private static readonly Argument<string> id = new("ID") { Description = "Id of the endpoint, as in the list" };
    private static readonly Option<string[]> schemes = Filter("--scheme", "Scheme, such as pyramid");
    private static readonly Option<string[]> directions = Filter("--direction", "Direction, such as down");
    private static readonly Option<string[]> tiers = Filter("--tier", "Tier after the transition, such as iron");
    private static readonly Option<string[]> causes = Filter("--cause", "Cause, such as silence");
    private static readonly Option<string> from = new("--from") { Description = "Cursor to send from: `next` of /v1/transitions, or what webhooks list shows", HelpName = "CURSOR", Required = true };

    /// <summary>The command.</summary>
    public static Command Build(ConfigurationFlags flags)
    {
        var add = new Command("add", "Add an endpoint; its secret is printed this once") { url, schemes, directions, tiers, causes };
        add.SetAction(parsed => Add(Open(flags, parsed), parsed));
        var list = new Command("list", "Show the endpoints and how far each has come");
        list.SetAction(parsed => List(Open(flags, parsed), parsed.InvocationConfiguration));
        var test = new Command("test", "Post a signed test message and show the answer") { id };
        test.SetAction((parsed, cancellation) => TestAsync(flags.Load(parsed), parsed.GetValue(id)!, parsed.InvocationConfiguration, cancellation));
        var replay = new Command("replay", "Send again everything from a cursor on, with the same ids") { id, from };
        replay.SetAction(parsed => Replay(Open(flags, parsed), parsed.GetValue(id)!, parsed.GetValue(from)!, parsed.InvocationConfiguration.Error));
        var rotate = new Command("rotate", "Make a new secret; the former one signs too until the next rotation") { id };
        rotate.SetAction(parsed => Rotate(Open(flags, parsed), parsed.GetValue(id)!, parsed.InvocationConfiguration));
        var remove = new Command("remove", "End an endpoint: nothing more is sent to it") { id };
        remove.SetAction(parsed => Remove(Open(flags, parsed), parsed.GetValue(id)!, parsed.InvocationConfiguration.Error));
        return new Command("webhooks", "Manage who is called on transitions (Standard Webhooks). The worker with this data directory sends, and follows changes within a second") { add, list, test, replay, rotate, remove };
    }

    private static Option<string[]> Filter(string name, string description) => new(name) { Description = $"{description}; can be repeated, none = all" };

    private static WebhookFile Open(ConfigurationFlags flags, ParseResult parsed) => new(flags.Load(parsed).DataDirectory);

    private static int Add(WebhookFile file, ParseResult parsed)
    {
        var errors = new List<string>();
        if (!Uri.TryCreate(parsed.GetValue(url), UriKind.Absolute, out Uri? target) || target.Scheme is not ("http" or "https"))
            throw new OptionsException([$"URL = {parsed.GetValue(url)}: allowed is an absolute http or https address"]);
        var endpoint = new WebhookEndpoint
        {
            Id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes)),
            Url = target,
            Secrets = [WebhookEndpoint.NewSecret()],
            Schemes = parsed.GetValue(schemes) ?? [],
            Directions = parsed.GetValue(directions) ?? [],
            Tiers = parsed.GetValue(tiers) ?? [],
            Causes = parsed.GetValue(causes) ?? [],
        };
        TransitionFilter.Read(
            field => new((field switch { "scheme" => endpoint.Schemes, "direction" => endpoint.Directions, "tier" => endpoint.Tiers, "cause" => endpoint.Causes, _ => [] }).ToArray()),
            errors);
        if (errors.Count > 0)
            throw new OptionsException(errors);
        file.Write([.. file.Endpoints, endpoint]);
        parsed.InvocationConfiguration.Output.WriteLine($"{endpoint.Id} {endpoint.Secrets[0]}");
        parsed.InvocationConfiguration.Error.WriteLine(
            $"These are the id of the endpoint and its secret, which is shown this once. Check it with: streamscorer webhooks test {endpoint.Id}");
        return ExitCode.Ok;
    }

    private static int List(WebhookFile file, InvocationConfiguration terminal)
    {
        if (file.Endpoints.Count == 0)
            terminal.Error.WriteLine("No endpoint; add one with: streamscorer webhooks add URL");
        foreach (WebhookEndpoint endpoint in file.Endpoints)
        {
            WebhookProgress? progress = file.ProgressOf(endpoint.Id);
            string filter = string.Join(' ', endpoint.Schemes.Concat(endpoint.Directions).Concat(endpoint.Tiers).Concat(endpoint.Causes));
            terminal.Output.WriteLine(
                $"{endpoint.Id}  {endpoint.Url}  [{(filter.Length == 0 ? "all" : filter)}]  cursor {progress?.Cursor ?? "none yet"}  "
                + $"waiting {progress?.Waiting.Count ?? 0}  parked {progress?.Parked.Count ?? 0}");
        }
        return ExitCode.Ok;
    }

    private static async Task<int> TestAsync(StreamScorerOptions options, string wanted, InvocationConfiguration terminal, CancellationToken cancellation)
    {
        WebhookEndpoint endpoint = Find(new WebhookFile(options.DataDirectory), wanted);
        using var client = new WebhookClient(options.Webhooks, TimeProvider.System);
        byte[] body = Encoding.UTF8.GetBytes("""{"specversion":"1.0","id":"test","source":"/streamscorer","type":"streamscorer.webhook-test.v1","data":{}}""");
        string? failure = await client.PostAsync(endpoint, $"test:{Guid.CreateVersion7()}", body, cancellation);
        terminal.Output.WriteLine(failure ?? "delivered");
        return failure is null ? ExitCode.Ok : ExitCode.Failed;
    }

    private static int Replay(WebhookFile file, string wanted, string cursor, TextWriter remarks)
    {
        WebhookEndpoint endpoint = Find(file, wanted);
        string like = file.ProgressOf(endpoint.Id)?.Cursor ?? cursor;
        if (!Cursor.TryParse(cursor, like.Count(letter => letter == '.') + 1, out _))
            throw new OptionsException([$"--from {cursor}: allowed is a cursor, a number for each partition parted by dots" + (like == cursor ? "" : $", such as {like}")]);
        file.AskReplay(endpoint.Id, cursor);
        remarks.WriteLine($"endpoint {endpoint.Id} is sent everything from {cursor} on as soon as its worker runs");
        return ExitCode.Ok;
    }

    private static int Rotate(WebhookFile file, string wanted, InvocationConfiguration terminal)
    {
        WebhookEndpoint endpoint = Find(file, wanted);
        string secret = WebhookEndpoint.NewSecret();
        file.Write([.. file.Endpoints.Select(each => each.Id == endpoint.Id ? each with { Secrets = [secret, each.Secrets[0]] } : each)]);
        terminal.Output.WriteLine(secret);
        terminal.Error.WriteLine("This is the new secret, shown this once. Messages are signed with the former one too until the next rotation.");
        return ExitCode.Ok;
    }

    private static int Remove(WebhookFile file, string wanted, TextWriter remarks)
    {
        WebhookEndpoint endpoint = Find(file, wanted);
        file.Write([.. file.Endpoints.Where(each => each.Id != endpoint.Id)]);
        remarks.WriteLine($"endpoint {endpoint.Id} is ended: nothing more is sent to {endpoint.Url}");
        return ExitCode.Ok;
    }

    private static WebhookEndpoint Find(WebhookFile file, string wanted) => file.Endpoints.FirstOrDefault(endpoint => endpoint.Id == wanted)
        ?? throw new OptionsException([$"webhooks {wanted}: no such endpoint; allowed is an id of streamscorer webhooks list"]);
}
