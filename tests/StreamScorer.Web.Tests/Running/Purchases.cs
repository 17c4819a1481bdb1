using System.Globalization;

namespace StreamScorer.Web.Tests.Running;

/// <summary>Events as JSON.</summary>
internal static class Purchases
{
    private static readonly DateTime start = new(2025, 1, 1, 8, 0, 0, DateTimeKind.Utc);

    /// <summary>A purchase on a day of 2025, counted from 0.</summary>
    public static string Json(string customer, string id, int day, double amount = 20) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"customerId":"{{customer}}","id":"{{id}}","time":"{{start.AddDays(day):yyyy-MM-dd'T'HH:mm:ss'Z'}}","type":"purchase","amount":{{amount}},"cost":{{amount / 2}}}""");
}
