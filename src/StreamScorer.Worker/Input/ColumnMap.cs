using System.Diagnostics.CodeAnalysis;

namespace StreamScorer.Worker.Input;

/// <summary>Which column fills which field where the header's names do not say it: <c>customer=cust_no,amount=total</c>.</summary>
public sealed class ColumnMap
{
    /// <summary>No overrides.</summary>
    public static readonly ColumnMap Empty = new([]);

    private readonly Dictionary<EventField, string> columns;

    private ColumnMap(Dictionary<EventField, string> columns)
    {
        this.columns = columns;
    }

    /// <summary>Header names to look for, best first; <paramref name="isMapped"/> when the user named the column, which must then exist.</summary>
    public IReadOnlyList<string> ColumnsOf(EventField field, out bool isMapped)
    {
        isMapped = columns.TryGetValue(field, out string? column);
        return isMapped ? [column!] : field.Columns;
    }

    /// <summary>Reads the text of <c>--map</c>; on false <paramref name="error"/> says what is wrong and what is allowed.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ColumnMap? map, [NotNullWhen(false)] out string? error)
    {
        (map, error) = (null, null);
        var columns = new Dictionary<EventField, string>();
        foreach (string pair in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            int equals = pair.IndexOf('=');
            string name = equals < 0 ? pair : pair[..equals].TrimEnd();
            EventField? field = EventField.All.FirstOrDefault(f => f.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
            if (equals < 0 || equals == pair.Length - 1)
                error = $"--map \"{pair}\": allowed is FIELD=COLUMN, several separated by commas";
            else if (field is null)
                error = $"--map \"{name}\": no such field; allowed are {string.Join(", ", EventField.All.Select(f => f.Name))}";
            else if (!columns.TryAdd(field, pair[(equals + 1)..].TrimStart()))
                error = $"--map \"{name}\": given twice";
            if (error is not null)
                return false;
        }
        map = new ColumnMap(columns);
        return true;
    }
}
