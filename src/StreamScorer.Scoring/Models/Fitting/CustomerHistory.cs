namespace StreamScorer.Scoring.Models.Fitting;

/// <summary>One customer of a log as the models are fitted to it and tried on it.</summary>
/// <param name="CustomerId">The customer.</param>
/// <param name="History">(x, t_x, T) at the cut-off.</param>
/// <param name="LogIntervals">Sum of ln(time between successive purchase days), in the model's unit; 0 without repeats.</param>
/// <param name="SpendDays">Repeat purchase days with a positive amount.</param>
/// <param name="MeanRepeatSpend">Net spend of repeat purchase days divided by <paramref name="SpendDays"/>, never negative,
/// in money; 0 without such days.</param>
/// <param name="HoldOutPurchases">Purchase days after the cut-off, until the end of the hold-out period.</param>
public sealed record CustomerHistory(
    string CustomerId,
    PurchaseHistory History,
    double LogIntervals,
    int SpendDays,
    double MeanRepeatSpend,
    int HoldOutPurchases);
