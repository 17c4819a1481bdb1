using System.CommandLine;
using System.Globalization;
using StreamScorer.Kafka.Native;
using StreamScorer.LoadTest;
using StreamScorer.LoadTest.Measures;
using StreamScorer.LoadTest.Subjects;
using StreamScorer.LoadTest.Yardsticks;
using StreamScorer.Scoring.Policy;

NativeLibrdkafka.EnsureLoaded();
switch (args)
{
    case [RoleProcess.Flag, "pipe", var bootstrap, var redis, var prefix]:
        return await PipeWorker.RunAsync(bootstrap, redis, prefix);
    case [RoleProcess.Flag, "hand-written", var bootstrap, var redis, var topic]:
        return await HandWrittenWorker.RunAsync(bootstrap, redis, topic);
    case [RoleProcess.Flag, "scoring", var held, .. var more]:
        Console.WriteLine(ScoringRate.Measure(new ScoringRules(new ScoringPolicy()), int.Parse(held, CultureInfo.InvariantCulture), more is ["settled"]));
        return 0;
}

var quick = new Option<bool>("--quick") { Description = "Short phases: under two minutes in all" };
var json = new Option<bool>("--json") { Description = "Print one JSON object" };
var customers = new Option<int>("--customers") { Description = "Customers held before the load begins", DefaultValueFactory = _ => 200_000 };
var partitions = new Option<int>("--partitions") { Description = "Partitions of every topic, 1 to 64", DefaultValueFactory = _ => 4 };
var events = new Option<int?>("--events") { Description = "Events of a backlog; two are sent, the first to warm up" };
var zipf = new Option<bool>("--zipf") { Description = "Few customers cause most events" };
var settled = new Option<bool>("--settled")
{
    Description = "Customers have bought many times just before the load. Else the first events of each change more than later ones do, and with more customers more events are first ones: give it to compare sizes",
};
var replay = new Option<string?>("--replay") { Description = "Also replay this file standalone and time it" };
var settings = new Option<string[]>("--set") { Description = "A setting of the worker, KEY=VALUE; may be given several times" };
var rate = new Option<double?>("--rate") { Description = "Events a second of the latency under load; by default 70 % of what is found to be held, which takes 20 s" };
rate.Validators.Add(result =>
{
    if (result.GetValueOrDefault<double?>() is not > 0)
        result.AddError("--rate must be a number of events a second above 0");
});
var workerOnly = new Option<bool>("--worker-only") { Description = "Leave the yardsticks out" };
var command = new RootCommand("End to end: broker, Redis and worker as separate processes under an open-loop load; answers checked.")
{
    quick, json, customers, partitions, events, zipf, settled, replay, workerOnly, rate, settings,
};
command.SetAction(async parsed =>
{
    bool isQuick = parsed.GetValue(quick);
    // No more than the test broker retains, compressed.
    int retained = Math.Min(isQuick ? 600_000 : 800_000, 200_000 * parsed.GetValue(partitions));
    var options = new LoadTestOptions(
        parsed.GetValue(customers), parsed.GetValue(partitions), parsed.GetValue(events) ?? retained, parsed.GetValue(zipf), parsed.GetValue(settled), isQuick,
        parsed.GetValue(replay), !parsed.GetValue(workerOnly), parsed.GetValue(rate), parsed.GetValue(settings) ?? []);
    Report report = await new LoadTestRun(options, Console.Error).RunAsync();
    if (parsed.GetValue(json))
        report.WriteJson(Console.Out);
    else
        report.WriteTable();
    return 0;
});
return await command.Parse(args).InvokeAsync();
