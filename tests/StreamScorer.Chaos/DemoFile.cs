using System.Globalization;
using StreamScorer.Worker.Demo;

namespace StreamScorer.Chaos;

/// <summary>A time-ordered CSV of invented customers, for tests that must run where there is no real data.</summary>
internal static class DemoFile
{
    /// <summary>Writes <paramref name="events"/> rows.</summary>
    public static void Write(string path, int events)
    {
        using var file = new StreamWriter(path);
        file.WriteLine("customer,time,amount,kind,cost,category,id");
        foreach (DemoEvent e in new DemoStream(population: 400, seed: 7, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc)).Take(events))
            file.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{e.CustomerId},{e.Utc:yyyy-MM-ddTHH:mm:ss.fffZ},{e.Amount},{(e.IsRefund ? "return" : "sale")},{e.Cost},{e.Category},{e.Number}"));
    }
}
