namespace StreamScorer.Scoring.Models;

/// <summary>What the purchase models expect of one customer.</summary>
/// <param name="Alive">P(alive), 0..1.</param>
/// <param name="NoPurchase">P(no purchase within a horizon), 0..1.</param>
/// <param name="DiscountedIfAlive">V_H: discounted purchases to come, given alive.</param>
public readonly record struct PurchaseOutlook(double Alive, double NoPurchase, double DiscountedIfAlive);
