using StreamScorer.Scoring.Policy;
using Xunit;

namespace StreamScorer.Scoring.Tests.Signals;

public sealed class BusinessCalendarTests
{
    [Theory]
    // Summer time in Berlin begins at 01:00 UTC on 2026-03-29 and ends on 2026-10-25: local midnight is 23:00 UTC in winter, 22:00 in summer.
    [InlineData("Europe/Berlin", "2026-01-31T22:59:59Z", "2026-01-31")]
    [InlineData("Europe/Berlin", "2026-01-31T23:00:00Z", "2026-02-01")]
    [InlineData("Europe/Berlin", "2026-06-30T21:59:59Z", "2026-06-30")]
    [InlineData("Europe/Berlin", "2026-06-30T22:00:00Z", "2026-07-01")]
    [InlineData("Europe/Berlin", "2026-03-29T21:59:59Z", "2026-03-29")]
    [InlineData("Europe/Berlin", "2026-10-24T22:00:00Z", "2026-10-25")]
    [InlineData("Europe/Berlin", "2026-10-25T23:00:00Z", "2026-10-26")]
    [InlineData("Asia/Shanghai", "2026-02-28T15:59:59Z", "2026-02-28")]
    [InlineData("Asia/Shanghai", "2026-02-28T16:00:00Z", "2026-03-01")]
    [InlineData("UTC", "2024-02-29T23:59:59Z", "2024-02-29")]
    [InlineData("UTC", "1969-12-31T23:59:59Z", "1969-12-31")]
    [InlineData("America/New_York", "1926-07-04T03:59:59Z", "1926-07-03")]
    public void An_instant_is_in_the_local_day(string zone, string instant, string day) => Assert.Equal(Day(day), Calendar(zone).DayOf(Ms(instant)));

    [Theory]
    [InlineData("Europe/Berlin", "2026-07-01", "2026-06-30T22:00:00Z")]
    [InlineData("Europe/Berlin", "2026-03-30", "2026-03-29T22:00:00Z")]
    [InlineData("Asia/Shanghai", "2026-03-01", "2026-02-28T16:00:00Z")]
    [InlineData("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z")] // clocks went from 00:00 to 01:00: the day began at 01:00
    [InlineData("Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z")] // this day did not exist: the 31st began at that instant
    public void A_day_begins_at_its_first_instant(string zone, string day, string instant) => Assert.Equal(Ms(instant), Calendar(zone).StartMs(Day(day)));

    [Theory]
    [InlineData("UTC")]
    [InlineData("Europe/Berlin")]
    [InlineData("Asia/Shanghai")]
    [InlineData("America/St_Johns")] // clocks went back from 00:01 to 23:01 of the day before, until 2011
    [InlineData("America/Sao_Paulo")]
    [InlineData("Pacific/Apia")]
    public void Days_never_go_back_and_begin_once(string zone)
    {
        BusinessCalendar calendar = Calendar(zone);
        int before = calendar.DayOf(Ms("1985-01-01T00:00:00Z"));
        for (long ms = Ms("1985-01-01T00:00:00Z"); ms < Ms("2027-01-01T00:00:00Z"); ms += 900_000)
        {
            int day = calendar.DayOf(ms);
            Assert.Equal((calendar.StartMs(day), day), (calendar.DayStartMs(ms, out int same), same));
            Assert.True(day >= before, $"{zone}: day {day} at {ms} is before {before}");
            if (day > before)
            {
                Assert.True(calendar.StartMs(day) <= ms && calendar.DayOf(calendar.StartMs(day)) == day);
                Assert.True(calendar.DayOf(calendar.StartMs(day) - 1) < day);
            }
            before = day;
        }
    }

    private static readonly Dictionary<string, BusinessCalendar> Calendars = [];

    private static BusinessCalendar Calendar(string zone)
    {
        lock (Calendars)
        {
            if (!Calendars.TryGetValue(zone, out BusinessCalendar? calendar))
                Calendars.Add(zone, calendar = new BusinessCalendar(TimeZoneInfo.FindSystemTimeZoneById(zone)));
            return calendar;
        }
    }

    private static long Ms(string instant) => PlainEvent.At(instant).ToUnixTimeMilliseconds();

    private static int Day(string day) => DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture).DayNumber - new DateOnly(1970, 1, 1).DayNumber;
}
