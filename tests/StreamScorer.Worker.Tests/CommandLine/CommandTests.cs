using StreamScorer.Testing;
using StreamScorer.Worker.CommandLine;

namespace StreamScorer.Worker.Tests.CommandLine;

public sealed class CommandTests : IDisposable
{
    private readonly TempDirectory directory = new();
    private readonly StringWriter output = new();
    private readonly StringWriter error = new();

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData("--help")]
    [InlineData("run", "--help")]
    [InlineData("replay", "--help")]
    [InlineData("customer", "--help")]
    public async Task Help_is_everywhere(params string[] arguments)
    {
        Assert.Equal(ExitCode.Ok, await InvokeAsync(arguments));
        Assert.Contains("Usage:", output.ToString(), StringComparison.Ordinal);
        Assert.Equal("", error.ToString());
    }

    [Fact]
    public async Task Help_names_the_exit_codes()
    {
        await InvokeAsync("--help");

        Assert.Contains("3    no such customer", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Required argument 'FILE' missing", "replay")]
    [InlineData("'walk'", "walk")]
    [InlineData("'kafka+redis'", "replay", "x.csv", "--through", "rabbit")]
    [InlineData("error: --workers 0: allowed is a whole number from 1 to 64", "replay", "x.csv", "--workers", "0")]
    [InlineData("error: --as-of \"soon\": allowed is an ISO 8601 instant", "replay", "x.csv", "--as-of", "soon")]
    [InlineData("error: --map \"cust\": allowed is FIELD=COLUMN", "replay", "x.csv", "--map", "cust")]
    [InlineData("error: --set Turbo: allowed is KEY=VALUE", "run", "--set", "Turbo")]
    [InlineData("error: Engine:BatchSizeMax = \"0\" (command line): allowed is a whole number from 1 to 10000", "run", "--set", "Engine:BatchSizeMax=0")]
    [InlineData("error: Kafka:BootstrapServers is missing", "run", "--source", "kafka", "--store", "redis")]
    [InlineData("error: Redis:Endpoints is missing", "replay", "x.csv", "--through", "kafka+redis", "--bootstrap", "127.0.0.1:1")]
    [InlineData("error: policy none.json", "replay", "x.csv", "--policy", "none.json")]
    [InlineData("error: none.csv: ", "replay", "none.csv")]
    public async Task What_cannot_be_used_ends_with_2_and_says_what_is_allowed(string expected, params string[] arguments)
    {
        Assert.Equal(ExitCode.Usage, await InvokeAsync(arguments));
        Assert.Contains(expected, error.ToString(), StringComparison.Ordinal);
        Assert.Equal("", output.ToString());
    }

    [Fact]
    public async Task A_store_that_cannot_be_used_ends_with_4()
    {
        Assert.Equal(ExitCode.Unavailable, await InvokeAsync("customer", "7", "--data", directory.File("none")));
        Assert.Contains("a worker creates it when it first runs", error.ToString(), StringComparison.Ordinal);
    }

    private Task<int> InvokeAsync(params string[] arguments) => StreamScorerCommand.InvokeAsync(arguments, output, error);
}
