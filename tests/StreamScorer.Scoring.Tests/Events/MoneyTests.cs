using System.Text;
using StreamScorer.Scoring.Events;
using Xunit;

namespace StreamScorer.Scoring.Tests.Events;

public sealed class MoneyTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("-0", 0)]
    [InlineData("12.34", 123_400)]
    [InlineData("-12.3456", -123_456)]
    [InlineData("1.5e3", 15_000_000)]
    [InlineData("1E-4", 1)]
    [InlineData("0.00005", 0)] // half a unit goes to the even neighbour
    [InlineData("0.00015", 2)]
    [InlineData("19.990000000000000000001", 199_900)]
    [InlineData("100000000000", 1_000_000_000_000_000)]
    public void A_decimal_number_is_read_exactly(string text, long units)
    {
        Assert.True(Money.TryParse(Encoding.UTF8.GetBytes(text), out long money));
        Assert.Equal(units, money);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("1,5")]
    [InlineData("1e400")]
    [InlineData("100000000000.0001")]
    [InlineData("1844674407370956")] // x 10,000 is 2^64 + 8,384: must not wrap around to 0.8384
    [InlineData("1000000000000000")] // x 10,000 is above 2^63: must not wrap around to a negative amount
    [InlineData("99999999999999999")]
    public void What_is_no_number_or_too_large_is_refused(string text) => Assert.False(Money.TryParse(Encoding.UTF8.GetBytes(text), out _));

    [Fact]
    public void A_sum_stops_at_the_ends_of_the_range()
    {
        Assert.Equal(long.MaxValue, Money.Add(long.MaxValue - 1, 2));
        Assert.Equal(long.MinValue, Money.Add(long.MinValue + 1, -2));
        Assert.Equal(-1, Money.Add(long.MaxValue, long.MinValue));
    }

    [Fact]
    public void Units_become_decimals_and_back()
    {
        Assert.Equal(12.3456m, Money.ToDecimal(123_456));
        Assert.Equal(123_456, Money.FromDouble(12.3456));
        Assert.Equal(long.MaxValue, Money.FromDouble(1e300));
    }
}
