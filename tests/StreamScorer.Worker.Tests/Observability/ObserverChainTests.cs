using StreamScorer.Engine;
using StreamScorer.Worker.Observability;

namespace StreamScorer.Worker.Tests.Observability;

public sealed class ObserverChainTests
{
    // A call that falls back to the interface's default would reach none of the observers.
    [Fact]
    public void Every_call_is_handed_on() =>
        Assert.All(typeof(ObserverChain).GetInterfaceMap(typeof(IEngineObserver)).TargetMethods, method => Assert.Equal(typeof(ObserverChain), method.DeclaringType));
}
