using StreamScorer.Worker.Configuration;
using StreamScorer.Worker.Hosting;

namespace StreamScorer.Worker.Tests.Hosting;

public sealed class FailpointTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Nothing_is_armed_without_the_variable(string? text) => Assert.Null(Failpoint.Parse(text));

    [Theory]
    [InlineData("claimed")]
    [InlineData("commit-sent:3")]
    public void A_step_is_armed_by_its_name_and_occurrence(string text) => Assert.NotNull(Failpoint.Parse(text));

    [Theory]
    [InlineData("commit")]
    [InlineData("commit-sent:0")]
    [InlineData("commit-sent:-1")]
    [InlineData("commit-sent:x")]
    [InlineData("commit-sent:1:2")]
    public void Anything_else_is_an_error_that_lists_the_steps(string text)
    {
        string error = Assert.Single(Assert.Throws<OptionsException>(() => Failpoint.Parse(text)).Errors);

        Assert.Contains($"STREAMSCORER_FAILPOINT \"{text}\"", error, StringComparison.Ordinal);
        Assert.Contains("read-back, polled, timers-fired", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_steps_pass() => Failpoint.Parse("claimed")!.Reached(Engine.EngineStep.Loaded);

    [Fact]
    public void Earlier_occurrences_pass() => Failpoint.Parse("claimed:3")!.Reached(Engine.EngineStep.Claimed);
}
