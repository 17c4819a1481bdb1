using System.CommandLine;
using StreamScorer.WebLoad;

var streams = new Option<int>("--streams") { Description = "Badge streams, one customer each, 10 to 99,999", DefaultValueFactory = _ => 2_000 };
var lookups = new Option<int>("--lookups") { Description = "Lookups a second, and as many requests to the empty endpoint", DefaultValueFactory = _ => 200 };
var seconds = new Option<int>("--seconds") { Description = "Length of the measurement", DefaultValueFactory = _ => 20 };
var days = new Option<double>("--days-per-second") { Description = "Days of the demo's calendar in one second", DefaultValueFactory = _ => 5 };
var json = new Option<bool>("--json") { Description = "Print one JSON object" };
foreach (Option<int> counted in (Option<int>[])[lookups, seconds])
    counted.Validators.Add(AtLeast(1));
streams.Validators.Add(AtLeast(10));
var command = new RootCommand("The web surface of one worker under an open-loop load while it scores; answers checked. Exit code 1 when one is wrong.")
{
    streams, lookups, seconds, days, json,
};
command.SetAction(async (parsed, cancellation) =>
{
    var options = new WebLoadOptions(parsed.GetValue(streams), parsed.GetValue(lookups), parsed.GetValue(seconds), parsed.GetValue(days));
    WebLoadReport report = await WebLoadRun.RunAsync(options, cancellation);
    if (parsed.GetValue(json))
        report.WriteJson(Console.Out);
    else
        report.WriteTable();
    return report.Wrong.Count == 0 ? 0 : 1;
});
return await command.Parse(args).InvokeAsync();

static Action<System.CommandLine.Parsing.OptionResult> AtLeast(int least) => given =>
{
    if (given.GetValueOrDefault<int>() < least)
        given.AddError($"{given.Option.Name}: allowed is {least} or more");
};
