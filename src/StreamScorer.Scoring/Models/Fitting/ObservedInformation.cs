namespace StreamScorer.Scoring.Models.Fitting;

/// <summary>Standard errors from the curvature of a log likelihood at its maximum.</summary>
internal static class ObservedInformation
{
    /// <summary>
    /// Standard errors at <paramref name="point"/>: square roots of the diagonal of the inverse of minus the Hessian, which is
    /// taken by central differences. NaN throughout when minus the Hessian is not positive definite.
    /// </summary>
    public static double[] StandardErrors(Func<ReadOnlySpan<double>, double> logLikelihood, double[] point)
    {
        int n = point.Length;
        var errors = new double[n];
        if (!TryCholesky(Information(logLikelihood, point), out var lower))
        {
            Array.Fill(errors, double.NaN);
            return errors;
        }
        for (int i = 0; i < n; i++) errors[i] = Math.Sqrt(InverseDiagonal(lower, i));
        return errors;
    }

    private static double[,] Information(Func<ReadOnlySpan<double>, double> logLikelihood, double[] point)
    {
        // In logarithms of parameters, where the curvature is of the order of the number of customers: large enough a step
        // that rounding of the likelihood stays below 1e-6 of the differences.
        const double Step = 1e-3;
        int n = point.Length;
        var information = new double[n, n];
        double[] moved = [.. point];
        double At(int i, int signI, int j, int signJ)
        {
            moved[i] += signI * Step;
            moved[j] += signJ * Step;
            double value = logLikelihood(moved);
            moved[i] = point[i];
            moved[j] = point[j];
            return value;
        }

        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double mixed = At(i, 1, j, 1) - At(i, 1, j, -1) - At(i, -1, j, 1) + At(i, -1, j, -1);
                information[i, j] = information[j, i] = -mixed / (4 * Step * Step);
            }
        }
        return information;
    }

    private static bool TryCholesky(double[,] matrix, out double[,] lower)
    {
        int n = matrix.GetLength(0);
        lower = new double[n, n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double rest = matrix[i, j];
                for (int m = 0; m < j; m++) rest -= lower[i, m] * lower[j, m];
                if (i != j) lower[i, j] = rest / lower[j, j];
                else if (rest > 0) lower[i, i] = Math.Sqrt(rest);
                else return false;
            }
        }
        return true;
    }

    // (L L')^-1 at (column, column) is the squared length of L^-1 e_column.
    private static double InverseDiagonal(double[,] lower, int column)
    {
        int n = lower.GetLength(0);
        var solved = new double[n];
        double sum = 0;
        for (int i = column; i < n; i++)
        {
            double rest = i == column ? 1 : 0;
            for (int m = column; m < i; m++) rest -= lower[i, m] * solved[m];
            solved[i] = rest / lower[i, i];
            sum += solved[i] * solved[i];
        }
        return sum;
    }
}
