using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace StreamScorer.Scoring.Policy;

/// <summary>Checks ranges, which the policy's properties declare, and the relations between constants.</summary>
public static class PolicyValidation
{
    /// <summary>All violations, as sentences that name key, value and range; empty when the policy is sound.</summary>
    public static IReadOnlyList<string> Check(ScoringPolicy policy)
    {
        var errors = new List<string>();
        Ranges(errors, "", policy);
        Relations(errors, policy);
        return errors;
    }

    /// <summary>A number as errors print it.</summary>
    internal static string Text(double value) => value.ToString("G6", CultureInfo.InvariantCulture);

    /// <summary>The key of a property in the file.</summary>
    internal static string KeyOf(PropertyInfo property) => JsonNamingPolicy.CamelCase.ConvertName(property.Name);

    private static void Ranges(List<string> errors, string path, object part)
    {
        foreach (PropertyInfo property in part.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            string key = path + KeyOf(property);
            object? value = property.GetIndexParameters().Length == 0 ? property.GetValue(part) : null;
            if (property.GetCustomAttribute<PolicyRangeAttribute>() is { } range)
                Numbers(errors, key, value, range, property.GetCustomAttribute<PolicyListAttribute>());
            else if (value is not null && value.GetType() is { IsClass: true } type && type.Namespace == typeof(ScoringPolicy).Namespace)
                Ranges(errors, key + ".", value);
        }
    }

    private static void Numbers(List<string> errors, string key, object? value, PolicyRangeAttribute range, PolicyListAttribute? list)
    {
        double[] numbers = value is IEnumerable values
            ? [.. values.Cast<object>().Select(number => Convert.ToDouble(number, CultureInfo.InvariantCulture))]
            : [Convert.ToDouble(value, CultureInfo.InvariantCulture)];
        if (list is not null && numbers.Length != list.Count)
            errors.Add($"{key}: {numbers.Length} values; exactly {list.Count} are needed");
        for (int i = 0; i < numbers.Length; i++)
        {
            string each = value is IEnumerable ? $"{key}[{i}]" : key;
            if (!(numbers[i] >= range.Minimum && numbers[i] <= range.Maximum))
                errors.Add($"{each}: {Text(numbers[i])} is out of range; allowed: {Text(range.Minimum)} to {Text(range.Maximum)}");
            if (i > 0 && list is { Order: ListOrder.Rising } && !(numbers[i] > numbers[i - 1]))
                errors.Add($"{each}: {Text(numbers[i])} must be above the one before it, {Text(numbers[i - 1])}");
            if (i > 0 && list is { Order: ListOrder.Falling } && !(numbers[i] < numbers[i - 1]))
                errors.Add($"{each}: {Text(numbers[i])} must be below the one before it, {Text(numbers[i - 1])}");
        }
    }

    private static void Relations(List<string> errors, ScoringPolicy policy)
    {
        void That(bool holds, string error)
        {
            if (!holds)
                errors.Add(error);
        }
        That(TimeZoneInfo.TryFindSystemTimeZoneById(policy.BusinessTimeZone, out _),
            $"businessTimeZone: '{policy.BusinessTimeZone}' is not a known IANA time zone, such as UTC or Asia/Shanghai");
        That(policy.BaseCurrency.Length == 3 && policy.BaseCurrency.All(char.IsAsciiLetterUpper),
            $"baseCurrency: '{policy.BaseCurrency}' must be a three-letter ISO 4217 code, such as USD");
        foreach ((string currency, decimal rate) in policy.Rates)
            That(rate is >= 1e-9m and <= 1e9m, $"rates.{currency}: {Text((double)rate)} is out of range; allowed: 1E-09 to 1E+09");
        ValuePolicy v = policy.Value;
        That(v.SlowHalfLifeDays >= 2 * v.FastHalfLifeDays,
            $"value.slowHalfLifeDays: {Text(v.SlowHalfLifeDays)} must be at least twice value.fastHalfLifeDays ({Text(v.FastHalfLifeDays)})");
        errors.AddRange(policy.Degrees.Violations());
        SchemesPolicy s = policy.Schemes;
        That(Tiers.TierSchemes.Names.Contains(s.Badge),
            $"schemes.badge: '{s.Badge}' is not a scheme; allowed: {string.Join(", ", Tiers.TierSchemes.Names)}");
        That(!Tiers.TierSchemes.Names.Contains(s.Badge) || Tiers.TierSchemes.IsEnabled(s, s.Badge),
            $"schemes.badge: '{s.Badge}' is switched off; the badge needs a scheme that runs");
        LifecyclePolicy l = s.Lifecycle;
        double newborn = policy.Model.B / (policy.Model.A + policy.Model.B);
        That(l.TrendBand <= l.TrendMargin,
            $"schemes.lifecycle.trendBand: {Text(l.TrendBand)} must be at most schemes.lifecycle.trendMargin ({Text(l.TrendMargin)})");
        That(l.ExitedAliveBelow > 0 && l.ExitedAliveBelow < l.DeclineAliveBelow && l.DeclineAliveBelow < newborn,
            $"schemes.lifecycle: 0 < exitedAliveBelow ({Text(l.ExitedAliveBelow)}) < declineAliveBelow ({Text(l.DeclineAliveBelow)}) < b/(a+b) ({Text(newborn)}) "
            + "must hold, else newcomers are born in decline");
    }
}
