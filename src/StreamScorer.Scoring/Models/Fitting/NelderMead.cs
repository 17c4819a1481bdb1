namespace StreamScorer.Scoring.Models.Fitting;

/// <summary>
/// The simplex search of Nelder and Mead (Computer Journal 1965), with the ordering rules of Lagarias, Reeds, Wright and
/// Wright (SIAM J. Optim. 1998). It needs no gradient and, given a start, always takes the same steps.
/// </summary>
internal sealed class NelderMead
{
    private const int MaxEvaluations = 6000;

    // On a flat ridge the corners never meet: the search gives up after this many evaluations without a gain.
    private const int PatiencePerDimension = 30;

    private const double ValueTolerance = 1e-9;
    private const double PointTolerance = 1e-6;

    private readonly Func<ReadOnlySpan<double>, double> _value;
    private readonly Action<int, double>? _progress;
    private readonly double[][] _points;
    private readonly double[] _values;
    private readonly double[] _centroid;

    private NelderMead(Func<ReadOnlySpan<double>, double> value, int dimensions, Action<int, double>? progress)
    {
        (_value, _progress) = (value, progress);
        _points = new double[dimensions + 1][];
        _values = new double[dimensions + 1];
        _centroid = new double[dimensions];
    }

    private int Evaluations { get; set; }

    private bool OutOfEvaluations => Evaluations >= MaxEvaluations;

    /// <summary>
    /// Maximises <paramref name="value"/>, which is minus infinity outside its domain. The search is repeated from its own
    /// result until that no longer helps, because a simplex can flatten before it arrives.
    /// </summary>
    public static Optimum Maximize(
        Func<ReadOnlySpan<double>, double> value, double[] start, Action<int, double>? progress = null)
    {
        const double WorthAnotherRound = 1e-7;
        var search = new NelderMead(value, start.Length, progress);
        double[] point = start;
        double best = double.NegativeInfinity, size = 0.5, gain;
        do
        {
            double before = best;
            (point, best) = search.Round(point, size);
            gain = best - before;
            size = 0.05;
        }
        while (gain > WorthAnotherRound && !search.OutOfEvaluations);
        return new(point, best, search.Evaluations, !search.OutOfEvaluations);
    }

    private (double[] Point, double Value) Round(double[] start, double size)
    {
        Evaluate(0, [.. start]);
        for (int i = 1; i < _points.Length; i++)
        {
            double[] corner = [.. start];
            corner[i - 1] += size;
            Evaluate(i, corner);
        }
        Order();
        double before = double.NegativeInfinity;
        int lastGain = Evaluations;
        while (!Arrived() && !OutOfEvaluations && Evaluations - lastGain < PatiencePerDimension * _centroid.Length)
        {
            Step();
            Order();
            _progress?.Invoke(Evaluations, _values[0]);
            if (_values[0] - before <= ValueTolerance) continue;
            before = _values[0];
            lastGain = Evaluations;
        }
        return ([.. _points[0]], _values[0]);
    }

    private void Step()
    {
        int worst = _points.Length - 1;
        SetCentroid(worst);
        var (reflected, atReflected) = Probe(worst, -1);
        if (atReflected > _values[0])
        {
            var (expanded, atExpanded) = Probe(worst, -2);
            if (atExpanded > atReflected) Replace(worst, expanded, atExpanded);
            else Replace(worst, reflected, atReflected);
            return;
        }
        if (atReflected > _values[worst - 1])
        {
            Replace(worst, reflected, atReflected);
            return;
        }
        bool outside = atReflected > _values[worst];
        var (contracted, atContracted) = Probe(worst, outside ? -0.5 : 0.5);
        if (atContracted > (outside ? atReflected : _values[worst])) Replace(worst, contracted, atContracted);
        else Shrink();
    }

    private void Shrink()
    {
        for (int i = 1; i < _points.Length; i++)
        {
            for (int d = 0; d < _centroid.Length; d++) _points[i][d] = (_points[i][d] + _points[0][d]) / 2;
            Evaluate(i, _points[i]);
        }
    }

    // The point at `reach` times the way from the centroid to the worst corner.
    private (double[] Point, double Value) Probe(int worst, double reach)
    {
        var point = new double[_centroid.Length];
        for (int d = 0; d < point.Length; d++) point[d] = _centroid[d] + (reach * (_points[worst][d] - _centroid[d]));
        Evaluations++;
        return (point, _value(point));
    }

    private void SetCentroid(int worst)
    {
        for (int d = 0; d < _centroid.Length; d++)
        {
            double sum = 0;
            for (int i = 0; i < worst; i++) sum += _points[i][d];
            _centroid[d] = sum / worst;
        }
    }

    private bool Arrived()
    {
        int worst = _points.Length - 1;
        if (_values[0] - _values[worst] > ValueTolerance) return false;
        for (int i = 1; i <= worst; i++)
        {
            for (int d = 0; d < _centroid.Length; d++)
                if (Math.Abs(_points[i][d] - _points[0][d]) > PointTolerance) return false;
        }
        return true;
    }

    private void Evaluate(int corner, double[] point)
    {
        Evaluations++;
        Replace(corner, point, _value(point));
    }

    private void Replace(int corner, double[] point, double value) => (_points[corner], _values[corner]) = (point, value);

    // Insertion sort, best first: stable, so ties keep the older corner in front.
    private void Order()
    {
        for (int i = 1; i < _points.Length; i++)
        {
            for (int j = i; j > 0 && _values[j] > _values[j - 1]; j--)
            {
                (_values[j], _values[j - 1]) = (_values[j - 1], _values[j]);
                (_points[j], _points[j - 1]) = (_points[j - 1], _points[j]);
            }
        }
    }
}

/// <summary>Where a search ended.</summary>
/// <param name="Point">The best point.</param>
/// <param name="Value">Its value.</param>
/// <param name="Evaluations">Evaluations made.</param>
/// <param name="Converged">False when the evaluations ran out.</param>
internal readonly record struct Optimum(double[] Point, double Value, int Evaluations, bool Converged);
