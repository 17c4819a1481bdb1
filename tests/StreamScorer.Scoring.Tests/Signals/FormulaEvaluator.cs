using System.Globalization;
using StreamScorer.Scoring.Signals.Explanations;
using Xunit;

namespace StreamScorer.Scoring.Tests.Signals;

/// <summary>Works an explanation's formula out from its inputs: + - x / ^ ( ) min max over {names} and numbers.</summary>
internal sealed class FormulaEvaluator
{
    private readonly string formula;
    private readonly Dictionary<string, double> inputs;
    private int at;

    private FormulaEvaluator(SignalExplanation explanation)
    {
        formula = explanation.Formula.Replace(" ", "", StringComparison.Ordinal);
        inputs = explanation.Inputs.ToDictionary(i => i.Name, i => i.Value);
    }

    public static double Evaluate(SignalExplanation explanation)
    {
        var evaluator = new FormulaEvaluator(explanation);
        double value = evaluator.Sum();
        Assert.True(evaluator.at == evaluator.formula.Length, $"{explanation.Formula}: not understood from position {evaluator.at}");
        return value;
    }

    private double Sum()
    {
        double value = Product();
        while (at < formula.Length && formula[at] is '+' or '-')
            value = formula[at++] == '+' ? value + Product() : value - Product();
        return value;
    }

    private double Product()
    {
        double value = Power();
        while (at < formula.Length && formula[at] is 'x' or '/')
            value = formula[at++] == 'x' ? value * Power() : value / Power();
        return value;
    }

    private double Power()
    {
        double value = Atom();
        return at < formula.Length && formula[at] == '^' && ++at > 0 ? Math.Pow(value, Atom()) : value;
    }

    private double Atom()
    {
        if (formula[at] == '{')
        {
            int end = formula.IndexOf('}', at);
            string name = formula[(at + 1)..end];
            at = end + 1;
            return inputs[name];
        }
        if (formula[at] == '(')
        {
            at++;
            double value = Sum();
            at++;
            return value;
        }
        if (formula[at] == 'm')
        {
            bool isMax = formula[at + 1] == 'a';
            at += 4;
            double left = Sum();
            at++;
            double right = Sum();
            at++;
            return isMax ? Math.Max(left, right) : Math.Min(left, right);
        }
        int digits = formula[at..].TakeWhile(c => char.IsDigit(c) || c == '.').Count();
        at += digits;
        return double.Parse(formula[(at - digits)..at], CultureInfo.InvariantCulture);
    }
}
