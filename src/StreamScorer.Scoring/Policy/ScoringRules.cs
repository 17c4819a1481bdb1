using System.Runtime.CompilerServices;
using StreamScorer.Scoring.Models;
using StreamScorer.Scoring.Signals;
using StreamScorer.Scoring.Strategies;
using StreamScorer.Scoring.Tiers;
using StreamScorer.Scoring.Tiers.Schemes;

namespace StreamScorer.Scoring.Policy;

/// <summary>
/// A policy made ready for the hot path: models, tables, calendar and schemes, built once and shared by all threads. Immutable.
/// </summary>
public sealed class ScoringRules
{
    /// <summary>Days of a year in rates and discounts.</summary>
    public const double DaysPerYear = 365.25;

    private readonly TierScheme[] schemes;

    /// <param name="policy">A policy without violations (<see cref="PolicyValidation"/>).</param>
    /// <param name="strategies">What to do about whom; null for the product's own.</param>
    /// <exception cref="ArgumentException">The policy has violations.</exception>
    public ScoringRules(ScoringPolicy policy, StrategyBook? strategies = null)
    {
        IReadOnlyList<string> errors = PolicyValidation.Check(policy);
        if (errors.Count > 0)
            throw new ArgumentException("The policy is not valid: " + string.Join("; ", errors), nameof(policy));
        Policy = policy;
        Calendar = new BusinessCalendar(TimeZoneInfo.FindSystemTimeZoneById(policy.BusinessTimeZone));
        ModelPolicy m = policy.Model;
        UnitMs = m.UnitDays * BusinessCalendar.DayMs;
        MonotoneInSilence = m.K == 1;
        Purchases = new MbgCnbd(new MbgCnbdParameters(m.K, m.R, m.Alpha, m.A, m.B));
        Spend = new GammaGamma(m.SpendP, m.SpendQ, m.SpendV);
        ChurnHorizon = m.ChurnHorizonDays / m.UnitDays;
        double unitsPerYear = DaysPerYear / m.UnitDays;
        double discountPerYear = Math.Log(1 + policy.Value.DiscountRatePerYear), discountPerUnit = discountPerYear / unitsPerYear;
        DiscountPerMs = discountPerYear / (DaysPerYear * BusinessCalendar.DayMs);
        Residual = new ResidualTable(Purchases, discountPerUnit, policy.Value.HorizonYears * unitsPerYear);
        FullAnnuity = Annuity.Continuous(policy.Value.DiscountRatePerYear, policy.Value.HorizonYears);
        ProfitDecay = new Decay(policy.Value.ProfitHalfLifeDays);
        FastDecay = new Decay(policy.Value.FastHalfLifeDays);
        SlowDecay = new Decay(policy.Value.SlowHalfLifeDays);
        ContactDecay = new Decay(policy.Degrees.ContactHalfLifeDays);
        RatingDecay = new Decay(policy.Degrees.RatingHalfLifeDays);
        ComplaintDecay = new Decay(policy.Degrees.ComplaintHalfLifeDays);
        ReferralDecay = new Decay(policy.Degrees.ReferralHalfLifeDays);
        Strategies = strategies ?? StrategyBook.BuiltIn;
        Stages = new LifecycleScheme(policy.Schemes.Lifecycle);
        schemes = [.. TierSchemes.Build(policy.Schemes)];
        Settled = new SettledSchemes(schemes, policy.Schemes.MinPopulation);
        BadgeScheme = Schemes.First(s => s.Name == policy.Schemes.Badge).Id;
    }

    /// <summary>The policy as read.</summary>
    public ScoringPolicy Policy { get; }

    /// <summary>Days of the business's time zone.</summary>
    public BusinessCalendar Calendar { get; }

    /// <summary>Model of purchases and drop-out.</summary>
    public MbgCnbd Purchases { get; }

    /// <summary>Model of spend per purchase day.</summary>
    public GammaGamma Spend { get; }

    /// <summary>Discounted expected residual purchases within the horizon, given alive.</summary>
    public ResidualTable Residual { get; }

    /// <summary>Churn horizon, model units.</summary>
    public double ChurnHorizon { get; }

    /// <summary>Length of the model's unit of time, milliseconds.</summary>
    public double UnitMs { get; }

    /// <summary>Continuous annuity factor over the whole horizon, years.</summary>
    public double FullAnnuity { get; }

    /// <summary>ln(1+d) in a millisecond, d the yearly discount rate: the value today of money t milliseconds ago is e^(t x this) times as much.</summary>
    public double DiscountPerMs { get; }

    /// <summary>Decay of past profit.</summary>
    public Decay ProfitDecay { get; }

    /// <summary>Fast decay of the trend.</summary>
    public Decay FastDecay { get; }

    /// <summary>Slow decay of the trend.</summary>
    public Decay SlowDecay { get; }

    /// <summary>Decay of contacts and responses.</summary>
    public Decay ContactDecay { get; }

    /// <summary>Decay of ratings.</summary>
    public Decay RatingDecay { get; }

    /// <summary>Decay of complaints.</summary>
    public Decay ComplaintDecay { get; }

    /// <summary>Decay of referrals.</summary>
    public Decay ReferralDecay { get; }

    /// <summary>Schemes that run, by rising <see cref="SchemeId"/>.</summary>
    public IReadOnlyList<TierScheme> Schemes => schemes;

    /// <summary>All that run, for loops over them on every event.</summary>
    internal ReadOnlySpan<TierScheme> AllSchemes => schemes;

    /// <summary>Tells the schemes that need no step.</summary>
    internal SettledSchemes Settled { get; }

    /// <summary>Stages of the relationship, also where the scheme does not run.</summary>
    public LifecycleScheme Stages { get; }

    /// <summary>What to do about whom.</summary>
    public StrategyBook Strategies { get; }

    /// <summary>Scheme of the badge.</summary>
    public SchemeId BadgeScheme { get; }

    /// <summary>The period of the observed retention degree that contains a business day: periods are counted from 1970-01-01.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int RetentionPeriodOf(int day) => (int)Math.Floor((double)day / Policy.Degrees.RetentionPeriodDays);

    /// <summary>
    /// True when the model's signals only fall in silence, so that the first change is found by bisection. Holds for k = 1; a regular buyer's churn risk dips
    /// first.
    /// </summary>
    public bool MonotoneInSilence { get; }
}
