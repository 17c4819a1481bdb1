using System.Reflection;
using StreamScorer.Engine.Commit;
using Xunit;
using Xunit.Sdk;

namespace StreamScorer.Contracts.Tests.Wrong;

/// <summary>Runs checks of the state store's contract against a store with a flaw.</summary>
internal static class ContractRun
{
    /// <summary>The names of all checks.</summary>
    public static IEnumerable<string> Checks =>
        typeof(StateStoreContract).GetMethods().Where(method => method.IsDefined(typeof(FactAttribute))).Select(method => method.Name);

    /// <summary>Whether the store with the flaw passes a check, with all rows of its data.</summary>
    public static async Task<bool> PassesAsync(Flaw flaw, string checkName)
    {
        MethodInfo check = typeof(StateStoreContract).GetMethod(checkName)!;
        foreach (object[] arguments in Arguments(check))
        {
            if (!await PassesAsync(flaw, check, arguments))
                return false;
        }
        return true;
    }

    private static IEnumerable<object[]> Arguments(MethodInfo check)
    {
        object[][] rows = [.. check.GetCustomAttributes<DataAttribute>().SelectMany(data => data.GetData(check))];
        return rows.Length == 0 ? [[]] : rows;
    }

    private static async Task<bool> PassesAsync(Flaw flaw, MethodInfo check, object[] arguments)
    {
        var contract = new WrongContract(flaw);
        await contract.InitializeAsync();
        try
        {
            await (Task)check.Invoke(contract, arguments)!;
            return true;
        }
        catch (Exception)
        {
            return false;
        }
        finally
        {
            await contract.DisposeAsync();
        }
    }

    // Not public, so that the test runner does not take it for a class of tests.
#pragma warning disable xUnit1000
    private sealed class WrongContract(Flaw flaw) : StateStoreContract
#pragma warning restore xUnit1000
    {
        private readonly WrongStateStore store = new(flaw);

        protected override Task<IStateStore> OpenEmptyStoreAsync() => Task.FromResult<IStateStore>(store);

        protected override Task ForgetEverythingAsync()
        {
            store.Flush();
            return Task.CompletedTask;
        }
    }
}
