namespace StreamScorer.Scoring.Models.Fitting;

/// <summary>How well predictions made at a cut-off held afterwards.</summary>
/// <param name="Customers">Customers predicted.</param>
/// <param name="ActualPurchases">Purchases that they made in the horizon.</param>
/// <param name="ExpectedPurchases">Purchases that the model expected.</param>
/// <param name="SilentShare">Share of customers who made none, 0..1.</param>
/// <param name="MeanChurnRisk">Mean P(no purchase), 0..1: equals the silent share when the model is calibrated.</param>
/// <param name="AucNotAlive">AUC of 1 - P(alive) for "made no purchase".</param>
/// <param name="AucChurnRisk">AUC of P(no purchase).</param>
/// <param name="AucSilence">AUC of the silence alone, the ranking to beat.</param>
/// <param name="BrierChurnRisk">Mean squared error of P(no purchase), 0..1, smaller is better.</param>
public readonly record struct HoldOutReport(
    int Customers,
    long ActualPurchases,
    double ExpectedPurchases,
    double SilentShare,
    double MeanChurnRisk,
    double AucNotAlive,
    double AucChurnRisk,
    double AucSilence,
    double BrierChurnRisk);

/// <summary>Mean purchases of the customers with the same number of repeats.</summary>
/// <param name="Repeats">x, or at least x in the last row.</param>
/// <param name="Customers">Customers with so many repeats.</param>
/// <param name="MeanActual">Purchases in the hold-out period, on average.</param>
/// <param name="MeanExpected">Purchases expected, on average.</param>
public readonly record struct HoldOutRow(int Repeats, int Customers, double MeanActual, double MeanExpected);

/// <summary>Compares predictions with a hold-out period. Pure functions over arrays of equal length.</summary>
public static class HoldOut
{
    /// <summary>Evaluates MBG/CNBD-k over a horizon, in model units.</summary>
    public static HoldOutReport Evaluate(MbgCnbd model, IReadOnlyList<CustomerHistory> customers, double horizon)
    {
        var histories = customers.Select(customer => customer.History).ToArray();
        return Evaluate(
            histories,
            [.. customers.Select(customer => customer.HoldOutPurchases)],
            [.. histories.Select(h => model.ExpectedPurchases(h, horizon))],
            [.. histories.Select(h => model.AliveProbability(h))],
            [.. histories.Select(h => model.NoPurchaseProbability(h, horizon))]);
    }

    /// <summary>Evaluates any model from its predictions.</summary>
    /// <param name="histories">The customers at the cut-off.</param>
    /// <param name="actual">Purchases of each in the horizon.</param>
    /// <param name="expected">Purchases expected of each.</param>
    /// <param name="alive">P(alive) of each.</param>
    /// <param name="noPurchase">P(no purchase in the horizon) of each.</param>
    public static HoldOutReport Evaluate(
        PurchaseHistory[] histories, int[] actual, double[] expected, double[] alive, double[] noPurchase)
    {
        bool[] silent = [.. actual.Select(count => count == 0)];
        return new(
            histories.Length,
            actual.Sum(count => (long)count),
            expected.Sum(),
            silent.Average(value => value ? 1.0 : 0),
            noPurchase.Average(),
            Auc([.. alive.Select(p => 1 - p)], silent),
            Auc(noPurchase, silent),
            Auc([.. histories.Select(h => h.Silence)], silent),
            Brier(noPurchase, silent));
    }

    /// <summary>
    /// Probability that a random positive scores above a random negative, ties counted half (Mann and Whitney 1947): the area
    /// under the ROC curve. NaN when all labels are equal.
    /// </summary>
    public static double Auc(double[] scores, bool[] positive)
    {
        int[] order = [.. Enumerable.Range(0, scores.Length).OrderBy(i => scores[i])];
        double rankSum = 0;
        long positives = 0;
        for (int from = 0; from < order.Length;)
        {
            int to = from;
            int tiedPositives = 0;
            for (; to < order.Length && scores[order[to]] == scores[order[from]]; to++)
                if (positive[order[to]]) tiedPositives++;
            rankSum += tiedPositives * ((from + to + 1) / 2.0);
            positives += tiedPositives;
            from = to;
        }
        long negatives = scores.Length - positives;
        return (rankSum - (positives * (positives + 1) / 2.0)) / ((double)positives * negatives);
    }

    /// <summary>Mean of (probability - outcome)^2 (Brier 1950), 0..1.</summary>
    public static double Brier(double[] probabilities, bool[] happened)
    {
        double sum = 0;
        for (int i = 0; i < probabilities.Length; i++)
        {
            double miss = probabilities[i] - (happened[i] ? 1 : 0);
            sum += miss * miss;
        }
        return sum / probabilities.Length;
    }

    /// <summary>
    /// Actual and expected purchases by repeats 0, 1, ... <paramref name="lastRow"/> and more: the conditional expectations
    /// table of Fader, Hardie and Lee (2005), figure 3. Rows without customers are left out.
    /// </summary>
    public static IReadOnlyList<HoldOutRow> ByRepeats(
        PurchaseHistory[] histories, int[] actual, double[] expected, int lastRow) =>
        [.. from i in Enumerable.Range(0, histories.Length)
            group i by Math.Min(histories[i].Repeats, lastRow) into row
            orderby row.Key
            select new HoldOutRow(row.Key, row.Count(), row.Average(i => actual[i]), row.Average(i => expected[i]))];
}
