namespace StreamScorer.Worker.Demo;

/// <summary>One purchase or refund of an invented customer.</summary>
/// <param name="CustomerId">Who.</param>
/// <param name="Number">Position in the stream, from 1; makes the event id.</param>
/// <param name="Utc">When.</param>
/// <param name="IsRefund">Whether the money goes back.</param>
/// <param name="Amount">Money, two decimals, above 0.</param>
/// <param name="Cost">Cost of the goods sold or returned, two decimals.</param>
/// <param name="Category">What was bought.</param>
/// <param name="Channel">How.</param>
public readonly record struct DemoEvent(
    string CustomerId, long Number, DateTime Utc, bool IsRefund, decimal Amount, decimal Cost, string Category, string Channel);
