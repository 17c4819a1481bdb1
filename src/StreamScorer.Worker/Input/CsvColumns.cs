using CsvHelper;

namespace StreamScorer.Worker.Input;

/// <summary>Where the fields of an event stand in a row; -1 = the file does not have it.</summary>
internal sealed record CsvColumns(
    int Customer, int Time, int Amount, int Quantity, int UnitPrice, int Cost, int Kind, int Id, IReadOnlyList<(EventField Field, int Column)> Copied)
{
    /// <summary>Finds the columns by the header's names.</summary>
    /// <exception cref="EventFileException">A column that every event needs, or that the map names, is missing.</exception>
    public static CsvColumns Find(CsvReader reader, ColumnMap map, string path)
    {
        int Find(EventField field, bool required = false)
        {
            IReadOnlyList<string> names = map.ColumnsOf(field, out bool isMapped);
            foreach (string name in names)
                if (reader.TryGetFieldIndex(name, out int column))
                    return column;
            return required || isMapped ? throw Missing(reader, path, field, names) : -1;
        }

        int amount = Find(EventField.Amount);
        bool priced = amount < 0;
        return new CsvColumns(
            Find(EventField.Customer, required: true),
            Find(EventField.Time, required: true),
            amount,
            Find(EventField.Quantity, required: priced),
            Find(EventField.UnitPrice, required: priced),
            Find(EventField.Cost),
            Find(EventField.Kind),
            Find(EventField.Id),
            [.. EventField.Copied.Select(field => (field, Find(field))).Where(pair => pair.Item2 >= 0)]);
    }

    private static EventFileException Missing(CsvReader reader, string path, EventField field, IReadOnlyList<string> names)
    {
        string wanted = field == EventField.Quantity || field == EventField.UnitPrice ? "amount, or quantity and unit_price" : string.Join(" or ", names);
        return new EventFileException(
            $"{path}: no column {wanted}; the header has {string.Join(", ", reader.Headers)}. Name it with --map {field.Name}=COLUMN");
    }
}
