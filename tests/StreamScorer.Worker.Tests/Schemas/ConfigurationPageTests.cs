using StreamScorer.Scoring.Tests;
using StreamScorer.Worker.Configuration;
using StreamScorer.Worker.Schemas;

namespace StreamScorer.Worker.Tests.Schemas;

public sealed class ConfigurationPageTests
{
    [Fact]
    public void The_page_that_ships_is_the_one_that_the_code_makes() => Golden.Matches("config/CONFIGURATION.md", ConfigurationPage.Build());

    [Fact]
    public void Every_key_says_what_it_does() =>
        Assert.All(OptionKeys.All.Values, key => Assert.NotEqual("", Documentation.Of(key.Property)));

    [Fact]
    public void Every_secret_can_be_a_file() =>
        Assert.All(OptionKeys.All.Values.Where(key => key.IsSecret), key => Assert.True(OptionKeys.IsKnown(key.Name + SecretFiles.Suffix), key.Name));
}
