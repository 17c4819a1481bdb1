namespace StreamScorer.Scoring.Models;

/// <summary>
/// What the purchase models know of one customer: the sufficient statistics (x, t_x, T) of Schmittlein, Morrison and
/// Colombo (1987), all times in the model's unit (day or week) and counted from the first purchase.
/// </summary>
/// <param name="Repeats">x: purchase days after the first one, at least 0.</param>
/// <param name="Recency">t_x: time of the last purchase, 0 when there are no repeats, at most <paramref name="Age"/>.</param>
/// <param name="Age">T: time from the first purchase until now, at least 0.</param>
public readonly record struct PurchaseHistory(int Repeats, double Recency, double Age)
{
    /// <summary>Time since the last purchase, in the model's unit.</summary>
    public double Silence => Age - Recency;
}
