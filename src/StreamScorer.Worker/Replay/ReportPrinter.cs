using System.Globalization;
using Spectre.Console;
using StreamScorer.Worker.CommandLine;

namespace StreamScorer.Worker.Replay;

/// <summary>The report for people.</summary>
internal static class ReportPrinter
{
    /// <summary>Prints tables to <paramref name="output"/>.</summary>
    public static void Print(ReplayReport report, TextWriter output)
    {
        IAnsiConsole console = TableConsole.On(output);
        console.Write(Figures(report));
        console.Write(Tiers(report));
        console.Write(Causes(report));
        output.WriteLine($"digest {report.Digest}");
    }

    private static Table Figures(ReplayReport report)
    {
        Table table = NewTable("", "");
        table.AddRow("events", Whole(report.Events));
        table.AddRow("applied", Whole(report.Applied));
        table.AddRow("duplicates", Whole(report.Duplicates));
        table.AddRow("dead-lettered", Whole(report.DeadLettered));
        table.AddRow("customers", Whole(report.Customers));
        table.AddRow("net revenue", report.Revenue.ToString("N2", CultureInfo.InvariantCulture));
        foreach ((string percent, double share) in report.ShareOfTop)
            table.AddRow($"of it, the top {percent} %", share.ToString("P1", CultureInfo.InvariantCulture));
        table.AddRow("seconds", report.ElapsedSeconds.ToString("N2", CultureInfo.InvariantCulture));
        table.AddRow("events a second", Whole((long)report.EventsPerSecond));
        return table.HideHeaders();
    }

    private static Table Tiers(ReplayReport report)
    {
        Table table = NewTable("scheme", "tier", "customers", "share");
        foreach ((string scheme, IReadOnlyDictionary<string, long> tiers) in report.Schemes)
        {
            string name = scheme;
            foreach ((string tier, long count) in tiers)
            {
                table.AddRow(name, tier, Whole(count), (count / (double)Math.Max(1, report.Customers)).ToString("P1", CultureInfo.InvariantCulture));
                name = "";
            }
        }
        return table;
    }

    private static Table Causes(ReplayReport report)
    {
        Table table = NewTable("transitions by cause", "");
        foreach ((string cause, long count) in report.ByCause)
            table.AddRow(cause, Whole(count));
        table.AddRow("all", Whole(report.Transitions));
        return table;
    }

    private static Table NewTable(params string[] columns)
    {
        var table = new Table { Border = TableBorder.Rounded };
        for (int i = 0; i < columns.Length; i++)
            table.AddColumn(new TableColumn(columns[i]) { Alignment = i == 0 || columns[i] == "tier" ? Justify.Left : Justify.Right });
        return table;
    }

    private static string Whole(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
