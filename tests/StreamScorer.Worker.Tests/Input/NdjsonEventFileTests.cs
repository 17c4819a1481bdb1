using System.Text;
using StreamScorer.Worker.Input;

namespace StreamScorer.Worker.Tests.Input;

public sealed class NdjsonEventFileTests : IDisposable
{
    private readonly string path = Path.GetTempFileName();

    public void Dispose() => File.Delete(path);

    [Theory]
    [InlineData("""{"customerId":"7","time":"1970-01-02","x":{"customerId":"no","time":"no"}}""", "7", 86_400_000L)]
    [InlineData("""{"time":"1970-01-02T00:00:01Z","customerId":"Zo\u00eb"}""", "Zoë", 86_401_000L)]
    [InlineData("""{"specversion":"1.0","time":"1970-01-03","data":{"customerId":"7","time":"1970-01-02"},"customerId":"no"}""", "7", 86_400_000L)]
    [InlineData("""{"customerId":7,"time":5}""", "", null)]
    [InlineData("""{"customerId":"7","time":""", "7", null)]
    [InlineData("""{"customerId":"\ud800"}""", "", null)]
    [InlineData("not json", "", null)]
    public void A_line_is_passed_on_as_it_is_with_its_key_and_time(string line, string key, long? timeUnixMs)
    {
        File.WriteAllText(path, "\n  \r\n" + line + "\r\n{}");
        using EventFile file = new NdjsonEventFile(path);

        Assert.True(file.Read());
        Assert.Equal(line + "\r", Encoding.UTF8.GetString(file.Value.Span));
        Assert.Equal(key, Encoding.UTF8.GetString(file.Key.Span));
        Assert.Equal(timeUnixMs, file.TimeUnixMs);
        Assert.True(file.Read());
        Assert.Equal("{}", Encoding.UTF8.GetString(file.Value.Span));
        Assert.False(file.Read());
    }

    [Fact]
    public void Lines_longer_than_the_buffer_are_whole()
    {
        string[] lines = [.. Enumerable.Range(1, 40).Select(i => $$"""{"customerId":"{{i}}","pad":"{{new string('x', i * 9_000)}}"}""")];
        File.WriteAllLines(path, lines);
        using EventFile file = EventFile.Open(path, ColumnMap.Empty);

        var read = new List<string>();
        while (file.Read())
            read.Add(Encoding.UTF8.GetString(file.Value.Span));

        Assert.Equal(lines, read);
        Assert.Equal(1, file.Fraction);
    }
}
