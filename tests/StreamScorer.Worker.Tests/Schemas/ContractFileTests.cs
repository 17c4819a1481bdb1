using StreamScorer.Scoring.Tests;
using StreamScorer.Worker.Schemas;

namespace StreamScorer.Worker.Tests.Schemas;

public sealed class ContractFileTests
{
    public static TheoryData<string> Files => [.. ContractFiles.Build().Keys];

    [Theory]
    [MemberData(nameof(Files))]
    public void What_ships_is_what_the_code_makes(string path) => Golden.Matches($"config/schemas/{path}", ContractFiles.Build()[path]);
}
