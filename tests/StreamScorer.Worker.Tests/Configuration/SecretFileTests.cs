using StreamScorer.Testing;
using StreamScorer.Worker.Configuration;

namespace StreamScorer.Worker.Tests.Configuration;

public sealed class SecretFileTests : IDisposable
{
    private readonly TempDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public void A_password_is_read_from_its_file_and_the_key_of_the_file_is_emptied()
    {
        StreamScorerOptions options = Load(("Redis:PasswordFile", Write("se cret\n")));

        Assert.Equal(("se cret", ""), (options.Redis.Password, options.Redis.PasswordFile));
    }

    [Fact]
    public void Client_settings_are_read_from_their_file_and_what_is_configured_wins()
    {
        StreamScorerOptions options = Load(
            ("Kafka:ClientFile", Write("# credentials\nsasl.username = worker\n\nsasl.password=a=b\nsecurity.protocol=plaintext\n")),
            ("Kafka:Client:security.protocol", "sasl_ssl"));

        Assert.Equal(
            [("sasl.password", "a=b"), ("sasl.username", "worker"), ("security.protocol", "sasl_ssl")],
            options.Kafka.Client.Select(pair => (pair.Key, pair.Value)).Order());
    }

    [Fact]
    public void What_is_wrong_with_a_secret_file_is_named_and_its_content_is_not()
    {
        string missing = directory.File("missing");

        Assert.StartsWith($"Redis:PasswordFile = \"{missing}\": ", Errors(("Redis:PasswordFile", missing)).Single(), StringComparison.Ordinal);
        Assert.Equal(
            ["Redis:Password and Redis:PasswordFile are both set: allowed is one of them"],
            Errors(("Redis:Password", "x"), ("Redis:PasswordFile", Write("y"))));
        Assert.Equal(["Kafka:ClientFile, line 2: allowed is name=value"], Errors(("Kafka:ClientFile", Write("a=b\nhunter2\n"))));
    }

    private string Write(string content)
    {
        File.WriteAllText(directory.File("secret"), content);
        return directory.File("secret");
    }

    private static IReadOnlyList<string> Errors(params (string, string)[] values) => Assert.Throws<OptionsException>(() => Load(values)).Errors;

    private static StreamScorerOptions Load(params (string Key, string Value)[] values) =>
        OptionsLoader.Load(OptionsLayer.FromFlags(values.ToDictionary(pair => pair.Key, pair => (string?)pair.Value)));
}
