using FsCheck;
using FsCheck.Fluent;
using StreamScorer.Scoring.Models;

namespace StreamScorer.Scoring.Tests.Models;

/// <summary>Random models and histories over the range that real logs span.</summary>
internal static class ModelGenerators
{
    /// <summary>MBG/CNBD-k with k in a range.</summary>
    public static Gen<MbgCnbd> Models(int fromK, int toK) =>
        from k in Gen.Choose(fromK, toK)
        from r in LogUniform(0.1, 5)
        from alpha in LogUniform(0.5, 100)
        from a in LogUniform(0.05, 5)
        from b in LogUniform(0.3, 20)
        select new MbgCnbd(new(k, r, alpha, a, b));

    /// <summary>Histories of up to 60 repeats and 500 units.</summary>
    public static Gen<PurchaseHistory> Histories { get; } =
        from repeats in Gen.Frequency((1, Gen.Constant(0)), (3, Gen.Choose(1, 60)))
        from recency in LogUniform(0.1, 300)
        from silence in Gen.OneOf(Gen.Constant(0.0), LogUniform(0.01, 200))
        select repeats == 0 ? new PurchaseHistory(0, 0, silence) : new PurchaseHistory(repeats, recency, recency + silence);

    /// <summary>Numbers spread evenly over the orders of magnitude between two bounds.</summary>
    public static Gen<double> LogUniform(double low, double high) =>
        from step in Gen.Choose(0, 1_000_000)
        select low * Math.Pow(high / low, step / 1e6);

    /// <summary>Runs a property on 300 cases from a fixed seed, throwing with the counterexample.</summary>
    public static void Holds<T>(Gen<T> cases, Func<T, bool> property) =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(20240607, 31),
            Prop.ForAll(cases.ToArbitrary(), property));
}
