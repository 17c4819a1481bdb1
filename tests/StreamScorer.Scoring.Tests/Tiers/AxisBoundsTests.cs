using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Tiers;
using Xunit;

namespace StreamScorer.Scoring.Tests.Tiers;

/// <summary>Hysteresis and grace of one axis, worked out by hand: positions 1, 2, 3 with bounds 1000 and 100, band 10 %, grace 28 days.</summary>
public sealed class AxisBoundsTests
{
    private const long GraceMs = 28 * BusinessCalendar.DayMs;
    private static readonly AxisBounds bounds = AxisBounds.WithBand([1000, 100], 0.10, 1);

    [Theory]
    [InlineData(2000, 1)]
    [InlineData(1000, 1)]
    [InlineData(999.99, 2)]
    [InlineData(100, 2)]
    [InlineData(99.99, 3)]
    [InlineData(-5, 3)]
    [InlineData(double.NaN, 3)]
    public void The_bound_itself_belongs_to_the_better_position(double value, byte position) => Assert.Equal(position, bounds.Raw(value));

    [Theory]
    [InlineData("rises at once at the bound", 3, "0:1000", 1)]
    [InlineData("does not rise just below it", 3, "0:999", 2)]
    [InlineData("stays inside the band for ever", 1, "0:900 400:900", 1)]
    [InlineData("out of the band but not for long enough", 1, "0:899 27:500", 1)]
    [InlineData("drops when the grace ends", 1, "0:899 28:899", 2)]
    [InlineData("drops as far as the value is by then", 1, "0:899 28:50", 3)]
    [InlineData("coming back inside the band does not avert", 1, "0:899 20:950 28:950", 2)]
    [InlineData("coming back to the bound averts, and the next grace starts anew", 1, "0:899 27:1000 28:899 55:899", 1)]
    [InlineData("and then drops after its own 28 days", 1, "0:899 27:1000 28:899 56:899", 2)]
    [InlineData("rises while in grace", 2, "0:80 10:1200", 1)]
    public void A_held_position_moves(string why, byte held, string values, byte expected)
    {
        uint graceStartS = 0;
        foreach ((long day, double value) in Steps(values))
            bounds.Step(ref held, ref graceStartS, value, (day + 1) * BusinessCalendar.DayMs, new GraceRule(GraceMs));
        Assert.True(expected == held, why);
    }

    [Theory]
    [InlineData("one step, then a grace of its own", "1:0 29:0", 2)]
    [InlineData("the second step after the second grace", "1:0 29:0 57:0", 3)]
    [InlineData("without a grace all steps at once", "1:0", 3, 0)]
    public void One_tier_at_a_time(string why, string values, byte expected, int graceDays = 28)
    {
        byte held = 1;
        uint graceStartS = 0;
        foreach ((long day, double value) in Steps(values))
            bounds.Step(ref held, ref graceStartS, value, day * BusinessCalendar.DayMs, new GraceRule(graceDays * BusinessCalendar.DayMs, OneTierAtATime: true));
        Assert.True(expected == held, why);
    }

    [Fact]
    public void A_second_look_at_the_same_instant_changes_nothing()
    {
        byte held = 1;
        uint graceStartS = 0;
        for (int look = 0; look < 2; look++)
            bounds.Step(ref held, ref graceStartS, 500, 86_400_000, new GraceRule(GraceMs));
        Assert.Equal((1, 86_400u), (held, graceStartS));
    }

    [Theory]
    [InlineData(1000, 900)]
    [InlineData(5, 4)]
    [InlineData(0, -1)]
    [InlineData(-200, -220)]
    public void The_band_reaches_below_its_bound_whatever_the_sign(double bound, double fall) =>
        Assert.Equal(fall, AxisBounds.WithBand([bound], 0.10, 1).Fall(1), 12);

    private static IEnumerable<(long Day, double Value)> Steps(string values) => values.Split(' ').Select(step => step.Split(':')).Select(step =>
        (long.Parse(step[0], System.Globalization.CultureInfo.InvariantCulture), double.Parse(step[1], System.Globalization.CultureInfo.InvariantCulture)));
}
