using System.Globalization;
using Spectre.Console;
using StreamScorer.Worker.CommandLine;

namespace StreamScorer.Worker.Customers;

/// <summary>A profile for people.</summary>
internal static class ProfilePrinter
{
    /// <summary>Prints tables to <paramref name="output"/>.</summary>
    public static void Print(CustomerProfile profile, TextWriter output)
    {
        IAnsiConsole console = TableConsole.On(output);
        output.WriteLine($"Customer {profile.CustomerId} as of {Time(profile.AsOf)}");
        console.Write(Tiers(profile));
        console.Write(Figures(profile));
        output.WriteLine(profile.NextChange is NextChange next
            ? $"If nothing happens: {next.Scheme} {next.From} -> {next.To} on {Time(next.At)}"
            : "Nothing will change by silence alone.");
        if (profile.FallAtCurrentBounds is ProfileFall fall)
            output.WriteLine($"At the present bounds: {fall.Scheme} {fall.From} -> {fall.To} on {Time(fall.At)}");
        foreach (ExplainedSignal signal in profile.Explanation ?? [])
            output.WriteLine($"{signal.Name} {signal.ChineseName} = {Value(signal)}\n    {signal.Arithmetic}");
    }

    private static string Value(ExplainedSignal signal) =>
        $"{signal.Word ?? signal.Value?.ToString("G6", CultureInfo.InvariantCulture) ?? "not defined"} {signal.Unit}".TrimEnd();

    private static Table Tiers(CustomerProfile profile)
    {
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumns("scheme", "tier", "since", "drops on");
        foreach ((string scheme, HeldTier held) in profile.Tiers)
            table.AddRow(scheme, held.Tier, held.Since?.ToString("O", CultureInfo.InvariantCulture) ?? "", held.DropAt is DateTime drop ? Time(drop) : "");
        return table;
    }

    private static Table Figures(CustomerProfile profile)
    {
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumns(new TableColumn("signal"), new TableColumn("") { Alignment = Justify.Right });
        table.AddRow("customer value", Money(profile.Signals.CustomerValue));
        table.AddRow("of it decayed profit", Money(profile.Signals.DecayedProfit));
        table.AddRow("of it expected future", Money(profile.Signals.ResidualValue));
        table.AddRow("current value", Money(profile.Signals.CurrentValue));
        table.AddRow("historical value", Money(profile.Signals.HistoricalValue));
        table.AddRow("still buys at all", profile.Signals.AliveProbability.ToString("P1", CultureInfo.InvariantCulture));
        table.AddRow("churn risk", profile.Signals.ChurnRisk.ToString("P1", CultureInfo.InvariantCulture));
        table.AddRow("trend", profile.Signals.Trend.ToString("N2", CultureInfo.InvariantCulture));
        table.AddRow("purchases", $"{profile.History.Purchases} on {profile.History.PurchaseDays} days");
        table.AddRow("last purchase", profile.History.LastPurchase is DateTime last ? Time(last) : "");
        table.AddRow("net revenue", profile.History.NetRevenue.ToString("N2", CultureInfo.InvariantCulture));
        return table.HideHeaders();
    }

    private static string Time(DateTime utc) => utc.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Money(double value) => value.ToString("N2", CultureInfo.InvariantCulture);
}
