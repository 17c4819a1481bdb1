namespace StreamScorer.Scoring.Signals.Explanations;

/// <summary>How one signal came about.</summary>
/// <param name="Name">Name of the signal, such as <c>customerValue</c>.</param>
/// <param name="ChineseName">Its Chinese term.</param>
/// <param name="Value">Its value; null when it is not defined for this customer, or is a word.</param>
/// <param name="Word">Its value where that is a word, such as a decision; else null.</param>
/// <param name="Unit">Unit of the value: a currency, <c>days</c>, <c>years</c>, <c>share</c>, <c>probability</c>, <c>purchases</c> or empty.</param>
/// <param name="Formula">The arithmetic in names, with <c>{input}</c> in place of each input; <c>x</c> multiplies.</param>
/// <param name="Inputs">The inputs, in the order of the formula.</param>
public sealed record SignalExplanation(
    string Name, string ChineseName, double? Value, string? Word, string Unit, string Formula, IReadOnlyList<ExplanationInput> Inputs)
{
    /// <summary>The arithmetic in words and numbers: each input as its name and its value.</summary>
    public string Arithmetic => Inputs.Aggregate(Formula, (text, input) => text.Replace($"{{{input.Name}}}", $"{input.Name} {Number.Text(input.Value)}", StringComparison.Ordinal));

    /// <summary>One line: name, value, unit and arithmetic.</summary>
    public override string ToString() => $"{Name} = {Word ?? (Value is { } v ? Number.Text(v) : "not defined")}{(Unit.Length > 0 ? " " + Unit : "")}: {Arithmetic}";
}

/// <summary>One number that a signal is made of: another signal, a sum of the customer's record, or a constant of the policy.</summary>
/// <param name="Name">Name as in the formula.</param>
/// <param name="Value">Value.</param>
public sealed record ExplanationInput(string Name, double Value);
