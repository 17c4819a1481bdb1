using System.IO.Compression;
using System.Text;
using StreamScorer.Worker.Input;

namespace StreamScorer.Worker.Tests.Input;

public sealed class CsvEventFileTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("csv").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Theory]
    // Names, the purchase, the time without a zone.
    [InlineData("customer_id,timestamp,amount", "7,1997-01-01,12.5",
        """{"customerId":"7","id":"1","time":"1997-01-01T00:00:00Z","type":"purchase","amount":12.5}""")]
    [InlineData("customerId,time,amount,event_id", "7,1997-01-01 08:26,12.50,e9",
        """{"customerId":"7","id":"e9","time":"1997-01-01T08:26:00Z","type":"purchase","amount":12.50}""")]
    [InlineData("Customer,Date,Amount,ID", "7,1997-01-01T08:26:03.25+01:00,0,e9",
        """{"customerId":"7","id":"e9","time":"1997-01-01T07:26:03.25Z","type":"purchase","amount":0}""")]
    // Quantity x unit price, exact and then rounded to four decimals, halves away from zero.
    [InlineData("customer,time,quantity,unit_price", "7,1997-01-01,3,0.1",
        """{"customerId":"7","id":"1","time":"1997-01-01T00:00:00Z","type":"purchase","amount":0.3}""")]
    [InlineData("customer,time,quantity,unit_price", "7,1997-01-01,5,0.00001",
        """{"customerId":"7","id":"1","time":"1997-01-01T00:00:00Z","type":"purchase","amount":0.0001}""")]
    [InlineData("customer,time,quantity,unit_price", "7,1997-01-01,-2,2.55",
        """{"customerId":"7","id":"1","time":"1997-01-01T00:00:00Z","type":"refund","amount":5.10}""")]
    [InlineData("customer,time,amount,quantity,unit_price", "7,1997-01-01,9,3,4",
        """{"customerId":"7","id":"1","time":"1997-01-01T00:00:00Z","type":"purchase","amount":9}""")]
    // Refunds, by sign and by kind.
    [InlineData("customer,time,amount", "7,1997-01-01,-4.25",
        """{"customerId":"7","id":"1","time":"1997-01-01T00:00:00Z","type":"refund","amount":4.25}""")]
    [InlineData("customer,time,amount,kind", "7,1997-01-01,4.25,return",
        """{"customerId":"7","id":"1","time":"1997-01-01T00:00:00Z","type":"refund","amount":4.25}""")]
    [InlineData("customer,time,amount,kind,cost", "7,1997-01-01,-4.25,return,-3",
        """{"customerId":"7","id":"1","time":"1997-01-01T00:00:00Z","type":"refund","amount":4.25,"costReturned":3}""")]
    // Cost, category, and types that are neither purchase nor refund.
    [InlineData("customer,time,amount,cost,category", "7,1997-01-01,4.25,1.5,toys",
        """{"customerId":"7","id":"1","time":"1997-01-01T00:00:00Z","type":"purchase","amount":4.25,"cost":1.5,"category":"toys"}""")]
    [InlineData("customer,time,amount,stock_code", "7,1997-01-01,4.25,85123A",
        """{"customerId":"7","id":"1","time":"1997-01-01T00:00:00Z","type":"purchase","amount":4.25,"category":"85123A"}""")]
    [InlineData("customer,time,amount,type", "7,1997-01-01,,complaint",
        """{"customerId":"7","id":"1","time":"1997-01-01T00:00:00Z","type":"complaint"}""")]
    // Quoting, other separators, spaces, text beyond ASCII.
    [InlineData("customer,time,amount,category", "\"a,\"\"b\"\"\",1997-01-01,\"1\",\"x\ny\"",
        """{"customerId":"a,\"b\"","id":"1","time":"1997-01-01T00:00:00Z","type":"purchase","amount":1,"category":"x\ny"}""")]
    [InlineData("customer;time;amount", " Zoë ;1997-01-01; 1 ",
        """{"customerId":"Zoë","id":"1","time":"1997-01-01T00:00:00Z","type":"purchase","amount":1}""")]
    public void A_row_becomes_the_event_of_the_topic(string header, string row, string expected)
    {
        using EventFile file = Open($"{header}\n{row}\n");

        Assert.True(file.Read());
        Assert.Equal(expected, Value(file));
        Assert.False(file.Read());
    }

    [Theory]
    [InlineData(",1997-01-01,5", "")]
    [InlineData("7,01/02/1997,5", "7")]
    [InlineData("7,1997-02-30,5", "7")]
    [InlineData("7,1997-01-01,five", "7")]
    [InlineData("7,1997-01-01,\"1,5\"", "7")]
    [InlineData("7,1997-01-01,", "7")]
    [InlineData("7,1997-01-01,1e20", "7")]
    [InlineData("7", "7")]
    [InlineData("7,1997-01-01,5,1,cheap", "7")]
    [InlineData("7,1997-01-01,5,,1", "7")]
    [InlineData("7,1997-01-01,5,x,\"1", "7")]
    public void A_row_that_cannot_be_used_is_kept_as_it_was(string row, string key)
    {
        using EventFile file = Open($"customer,time,amount,id,cost\n1,1997-01-01,5,a,\n{row}\n2,1997-01-01,5,b,\n");

        Assert.True(file.Read());
        Assert.True(file.Read());
        Assert.Equal(row, Value(file));
        Assert.Equal(key, Encoding.UTF8.GetString(file.Key.Span));
        Assert.Null(file.TimeUnixMs);
        Assert.True(file.Read());
        Assert.Equal("2", Encoding.UTF8.GetString(file.Key.Span));
        Assert.False(file.Read());
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_are_kept_as_they_were()
    {
        byte[] row = [0x37, 0xFF, .. ",1997-01-01,5"u8];
        using EventFile file = Open([.. "customer,time,amount\n"u8, .. row, (byte)'\n']);

        Assert.True(file.Read());
        Assert.Equal(row, file.Value.ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(50)]
    public void A_quote_that_never_closes_costs_one_row_and_not_the_rest(int badRow)
    {
        string[] rows = [.. Enumerable.Range(0, 20_000).Select(i => i == badRow ? "\"7,1997-01-01,5" : $"{i},1997-01-01,5")];
        foreach (string extension in new[] { ".csv", ".csv.gz" })
        {
            using EventFile file = Open("customer,time,amount\n" + string.Join("\n", rows), extension);

            List<string> values = ReadAll(file);

            Assert.Equal(rows.Length, values.Count);
            Assert.Equal("\"7,1997-01-01,5", values[badRow]);
            Assert.Equal(
                """{"customerId":"19999","id":"20000","time":"1997-01-01T00:00:00Z","type":"purchase","amount":5}""", values[^1]);
        }
    }

    [Fact]
    public void A_quote_that_closes_rows_later_costs_only_the_rows_that_have_it()
    {
        using EventFile file = Open("customer,time,amount\n1,1997-01-01,1\n2,1997-01-01,\"2\n3,1997-01-01,3\n4,1997-01-01,4\"\n5,1997-01-01,5\n");

        List<string> values = ReadAll(file);

        Assert.Equal(5, values.Count);
        Assert.Contains("\"customerId\":\"1\",\"id\":\"1\"", values[0], StringComparison.Ordinal);
        Assert.Contains("\"customerId\":\"3\",\"id\":\"3\"", values[2], StringComparison.Ordinal);
        Assert.Contains("\"customerId\":\"5\",\"id\":\"5\"", values[4], StringComparison.Ordinal);
    }

    [Fact]
    public void A_compressed_file_with_a_byte_order_mark_and_CRLF_reads_the_same()
    {
        using EventFile file = Open("\uFEFFcustomer,time,amount\r\n7,1997-01-01,5\r\n\r\n8,1997-01-02,6", ".csv.gz");

        Assert.Equal(
            [
                """{"customerId":"7","id":"1","time":"1997-01-01T00:00:00Z","type":"purchase","amount":5}""",
                """{"customerId":"8","id":"2","time":"1997-01-02T00:00:00Z","type":"purchase","amount":6}""",
            ],
            ReadAll(file));
    }

    [Fact]
    public void The_map_wins_over_the_names_and_adds_fields()
    {
        Assert.True(ColumnMap.TryParse("customer=cust_no, amount=total,channel=via,rating=stars", out ColumnMap? map, out _));
        using EventFile file = Open("customer,cust_no,date,total,via,stars\n1,2,1997-01-01,3,web,4", map: map);

        Assert.Equal(
            ["""{"customerId":"2","id":"1","time":"1997-01-01T00:00:00Z","type":"purchase","amount":3,"channel":"web","rating":4}"""],
            ReadAll(file));
    }

    [Theory]
    [InlineData("customer", "allowed is FIELD=COLUMN")]
    [InlineData("customer=", "allowed is FIELD=COLUMN")]
    [InlineData("client=x", "no such field; allowed are customer, time, amount")]
    [InlineData("customer=a,customer=b", "given twice")]
    public void A_map_that_cannot_be_read_says_what_is_allowed(string text, string expected)
    {
        Assert.False(ColumnMap.TryParse(text, out _, out string? error));
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("time,amount", "", "no column customer_id or customerId or customer; the header has time, amount. Name it with --map customer=COLUMN")]
    [InlineData("customer,amount", "", "no column timestamp or time or date")]
    [InlineData("customer,time,quantity", "", "no column amount, or quantity and unit_price")]
    [InlineData("customer,time,amount", "cost=price", "no column price")]
    public void A_missing_column_is_an_error_that_names_the_fix(string header, string mapText, string expected)
    {
        Assert.True(ColumnMap.TryParse(mapText, out ColumnMap? map, out _));

        var e = Assert.Throws<EventFileException>(() => Open($"{header}\n1,2,3", map: map));

        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_time_of_a_record_is_known_without_reading_it_again()
    {
        using EventFile file = Open("customer,time,amount\n7,1970-01-02,5");

        Assert.True(file.Read());
        Assert.Equal(86_400_000, file.TimeUnixMs);
    }

    private static string Value(EventFile file) => Encoding.UTF8.GetString(file.Value.Span);

    private static List<string> ReadAll(EventFile file)
    {
        var values = new List<string>();
        while (file.Read())
            values.Add(Value(file));
        return values;
    }

    private EventFile Open(string text, string extension = ".csv", ColumnMap? map = null) => Open(Encoding.UTF8.GetBytes(text), extension, map);

    private EventFile Open(byte[] bytes, string extension = ".csv", ColumnMap? map = null)
    {
        string path = Path.Combine(directory, "events" + extension);
        using (Stream file = File.Create(path))
        using (Stream content = extension.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionLevel.Fastest) : file)
            content.Write(bytes);
        return EventFile.Open(path, map ?? ColumnMap.Empty);
    }
}
