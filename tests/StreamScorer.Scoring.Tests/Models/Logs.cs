using System.Globalization;
using StreamScorer.Scoring.Models;
using StreamScorer.Scoring.Models.Fitting;

namespace StreamScorer.Scoring.Tests.Models;

/// <summary>The two real logs as the fits read them.</summary>
internal static class Logs
{
    /// <summary>CDNOW from single purchases, calibrated until 1997-09-30, with the 39 weeks after it held out.</summary>
    public static IReadOnlyList<CustomerHistory> CdnowEvents(ModelUnit unit) => CdnowEvents(unit, new(1997, 9, 30));

    /// <summary>The same, calibrated until another day.</summary>
    public static IReadOnlyList<CustomerHistory> CdnowEvents(ModelUnit unit, DateOnly until)
    {
        var builder = new PurchaseHistoryBuilder(until, unit, new(1998, 6, 30));
        foreach (string[] row in Rows("cdnow/events.csv"))
            builder.AddPurchase(row[0], DateOnly.Parse(row[1], CultureInfo.InvariantCulture), Number(row[2]));
        return builder.Build();
    }

    /// <summary>CDNOW as published: one row for each customer, times rounded to a hundredth of a week.</summary>
    public static IReadOnlyList<CustomerHistory> CdnowSummary() =>
        [.. from row in Rows("cdnow/summary.csv")
            let repeats = int.Parse(row[1], CultureInfo.InvariantCulture)
            let spend = Number(row[4])
            select new CustomerHistory(
                row[0], new(repeats, Number(row[2]), Number(row[3])), 0, spend > 0 ? repeats : 0, spend, 0)];

    /// <summary>
    /// Online Retail, everybody who first bought by the cut-off; the time after it, to the log's last day, is held out. The
    /// convention of the printed figures: a purchase day is a day with a sale above 0 (a few invoices are of 0, and counting
    /// them makes 4,136 repeats of the printed 4,135), and returns are no purchases.
    /// </summary>
    public static PurchaseHistoryBuilder OnlineRetail(DateOnly until, ModelUnit unit)
    {
        var builder = new PurchaseHistoryBuilder(until, unit, new(2011, 12, 9));
        foreach (string[] row in Rows("online-retail/events.csv"))
        {
            var day = DateOnly.FromDateTime(DateTime.Parse(row[1], CultureInfo.InvariantCulture));
            if (row[3] == "sale" && Number(row[2]) > 0) builder.AddPurchase(row[0], day, Number(row[2]));
        }
        return builder;
    }

    private static IEnumerable<string[]> Rows(string file) =>
        File.ReadLines(SharedData.PathOf(file)).Skip(1).Select(line => line.Split(','));

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
