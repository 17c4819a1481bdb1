using Microsoft.Extensions.Logging.Abstractions;
using StreamScorer.Engine.Commit;
using StreamScorer.Testing;
using StreamScorer.Worker.CommandLine;
using StreamScorer.Worker.Configuration;
using Opened = StreamScorer.Worker.Hosting.Deployment;

namespace StreamScorer.Worker.Tests.CommandLine;

public sealed class RaiseLayoutTests : IDisposable
{
    private readonly TempDirectory directory = new();
    private readonly StringWriter output = new();
    private readonly StringWriter error = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task The_layout_is_raised_once_and_never_lowered()
    {
        Assert.Equal(ExitCode.Ok, await InvokeAsync());
        Assert.Contains("record layout was 2 and is 3", output.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, await InvokeAsync());
        Assert.Contains("record layout was 3 and is 3", output.ToString(), StringComparison.Ordinal);
        Assert.Equal(3, await ChangeAsync(app => app with { Layout = 9 }));

        Assert.Equal(ExitCode.Unavailable, await InvokeAsync());
        Assert.Contains("has record layout 9, this version writes up to 3. Run the command of the newer version.", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(9, await ChangeAsync(app => app));
    }

    private Task<int> InvokeAsync() => StreamScorerCommand.InvokeAsync(["raise-layout", "--data", directory.Path], output, error);

    // Returns the layout as it was.
    private async Task<int> ChangeAsync(Func<AppRecord, AppRecord> change)
    {
        var options = new StreamScorerOptions { DataDirectory = directory.Path };
        await using Opened deployment = await Opened.OpenAsync(options, NullLoggerFactory.Instance, CancellationToken.None);
        AppRecord app = await deployment.Store.ReadOrCreateAppAsync(deployment.Source.Topic, deployment.PartitionCount, 2, CancellationToken.None);
        Assert.True(await deployment.Store.ReplaceAppAsync(change(app), CancellationToken.None));
        return app.Layout;
    }
}
