using StreamScorer.Scoring.Models;
using StreamScorer.Scoring.Policy;

namespace StreamScorer.Scoring.Signals.Explanations;

/// <summary>Explains staying or leaving. Times are in the model's unit.</summary>
internal static class StayingExplanation
{
    public static void Add(ExplanationBuilder b, in CustomerSignals s)
    {
        AddAlive(b, in s);
        AddChurn(b, in s);
        double alive = s.AliveProbability, expected = s.Purchases.ExpectedPurchases;
        b.Add("expectedPurchases", expected, "purchases", "{aliveProbability} x {purchasesIfAlive}",
            ("aliveProbability", alive), ("purchasesIfAlive", alive > 0 ? expected / alive : 0));
        long next = s.Purchases.NextPurchaseExpectedMs;
        double? days = next == long.MaxValue ? null : (next - s.AtMs) / (double)BusinessCalendar.DayMs;
        b.Add("nextPurchaseExpected", days, "days from now", days is null ? "none is expected" : "{medianDaysIfAlive}", days is null ? [] : [("medianDaysIfAlive", days.Value)]);
        ModelPolicy m = s.Rules.Policy.Model;
        b.Add("expectedSpend", s.ExpectedSpend, b.Currency, "{p} x ({v} + {spendDays} x {meanSpend}) / ({p} x {spendDays} + {q} - 1)",
            ("p", m.SpendP), ("v", m.SpendV), ("spendDays", s.SpendDays), ("meanSpend", MeanSpend(in s)), ("q", m.SpendQ));
    }

    private static void AddAlive(ExplanationBuilder b, in CustomerSignals s)
    {
        if (!s.HasPurchases || s.HasEnded)
        {
            b.Add("aliveProbability", 0, "probability", s.HasEnded ? "0 x {ended}" : "{purchaseDays}", (s.HasEnded ? "ended" : "purchaseDays", s.HasEnded ? 1 : 0));
            return;
        }
        ModelPolicy m = s.Rules.Policy.Model;
        PurchaseHistory h = s.History;
        string ticks = m.K == 1 ? "" : " / {silentTicks}";
        (string, double)[] inputs =
        [
            ("a", m.A), ("b", m.B), ("repeats", h.Repeats), ("alpha", m.Alpha), ("age", h.Age), ("lastPurchase", h.Recency), ("r", m.R),
            ("k", m.K), ("silentTicks", SilentTicks(m, in h)),
        ];
        b.Add("aliveProbability", s.AliveProbability, "probability",
            "1 / (1 + {a} / ({b} + {repeats}) x (({alpha} + {age}) / ({alpha} + {lastPurchase})) ^ ({r} + {k} x {repeats})" + ticks + ")", inputs);
    }

    private static void AddChurn(ExplanationBuilder b, in CustomerSignals s)
    {
        double alive = s.AliveProbability;
        if (!s.HasPurchases)
        {
            b.Add("churnRisk", 0, "probability", "{purchaseDays}", ("purchaseDays", 0));
            return;
        }
        ModelPolicy m = s.Rules.Policy.Model;
        if (m.K == 1)
        {
            b.Add("churnRisk", s.ChurnRisk, "probability", "1 - {aliveProbability} x (1 - (({alpha} + {age}) / ({alpha} + {age} + {horizon})) ^ ({r} + {repeats}))",
                ("aliveProbability", alive), ("alpha", m.Alpha), ("age", s.History.Age), ("horizon", s.Rules.ChurnHorizon), ("r", m.R), ("repeats", s.History.Repeats));
        }
        else
        {
            b.Add("churnRisk", s.ChurnRisk, "probability", "1 - {aliveProbability} x {buysWithinHorizonIfAlive}",
                ("aliveProbability", alive), ("buysWithinHorizonIfAlive", alive > 0 ? (1 - s.ChurnRisk) / alive : 0));
        }
    }

    // S_k(w) = sum over j < k of (R)_j / j! w^j: weight of fewer than k ticks in the silence (Platzer and Reutterer 2016).
    private static double SilentTicks(ModelPolicy m, in PurchaseHistory h)
    {
        double w = h.Silence / (m.Alpha + h.Age), shape = m.R + m.K * h.Repeats, term = 1, sum = 1;
        for (int j = 1; j < m.K; j++)
        {
            term *= (shape + j - 1) / j * w;
            sum += term;
        }
        return sum;
    }

    private static double MeanSpend(in CustomerSignals s)
    {
        double repeatSpend = Events.Money.ToDouble(Events.Money.Add(s.State.NetRevenue, -s.State.FirstDayRevenue));
        return s.SpendDays == 0 ? 0 : Math.Max(0, repeatSpend) / s.SpendDays;
    }
}
