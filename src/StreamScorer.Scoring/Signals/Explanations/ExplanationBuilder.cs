namespace StreamScorer.Scoring.Signals.Explanations;

/// <summary>Collects explanations.</summary>
internal sealed class ExplanationBuilder(string currency)
{
    private readonly List<SignalExplanation> explanations = [];

    /// <summary>Unit of money.</summary>
    public string Currency { get; } = currency;

    /// <summary>What was collected, in order.</summary>
    public IReadOnlyList<SignalExplanation> Explanations => explanations;

    /// <summary>Adds a signal with a value.</summary>
    public void Add(string name, double? value, string unit, string formula, params (string Name, double Value)[] inputs) =>
        explanations.Add(new SignalExplanation(name, SignalNames.Chinese[name], value, null, unit, formula, [.. inputs.Select(i => new ExplanationInput(i.Name, i.Value))]));

    /// <summary>Adds a signal whose value is a word.</summary>
    public void AddWord(string name, string word, string formula, params (string Name, double Value)[] inputs) =>
        explanations.Add(new SignalExplanation(name, SignalNames.Chinese[name], null, word, "", formula, [.. inputs.Select(i => new ExplanationInput(i.Name, i.Value))]));
}
