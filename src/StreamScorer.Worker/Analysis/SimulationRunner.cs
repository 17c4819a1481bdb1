using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;
using StreamScorer.Scoring.Events;
using StreamScorer.Scoring.Policy;
using StreamScorer.Scoring.Signals;
using StreamScorer.Scoring.State;
using StreamScorer.Worker.CommandLine;
using StreamScorer.Worker.Hosting;
using StreamScorer.Worker.Input;

namespace StreamScorer.Worker.Analysis;

/// <summary>What another policy would do to the customers of a file: who would change tier, and a matrix per scheme.</summary>
internal static class SimulationRunner
{
    /// <summary>Writes the outcome to <paramref name="output"/>.</summary>
    /// <param name="policyInForce">Policy file to compare with; empty for the one that ships.</param>
    /// <param name="policyTried">Policy file to try.</param>
    /// <param name="file">The log.</param>
    /// <param name="map">Columns by field, for CSV.</param>
    /// <param name="json">One JSON object instead of tables.</param>
    /// <param name="output">Receives the result.</param>
    /// <param name="cancellation">Ends it early.</param>
    public static void Run(
        string policyInForce, string policyTried, string file, ColumnMap map, bool json, TextWriter output, CancellationToken cancellation)
    {
        ScoringRules before = PolicyLoader.Load(policyInForce), after = PolicyLoader.Load(policyTried);
        Dictionary<string, Account> accounts = Accumulate(file, map, before, out long lastMs, cancellation);
        var simulation = new PolicySimulation(before, after, lastMs);
        foreach (Account account in accounts.Values)
            simulation.Measure(in account.State, in account.Cold);
        var moves = new List<SimulatedMove>();
        var lines = new List<SimulatedChange>();
        foreach ((string customer, Account account) in accounts)
        {
            moves.Clear();
            simulation.Compare(in account.State, in account.Cold, moves);
            lines.AddRange(moves.Select(m => new SimulatedChange(customer, m.Scheme.Name, m.Scheme.TierName(m.From), m.Scheme.TierName(m.To))));
        }
        if (json)
            output.WriteLine(JsonSerializer.Serialize(new SimulationReport(accounts.Count, Matrices(simulation), lines), SimulationJson.Default.SimulationReport));
        else
            Print(simulation, lines, output);
    }

    private static Dictionary<string, Account> Accumulate(
        string file, ColumnMap map, ScoringRules rules, out long lastMs, CancellationToken cancellation)
    {
        var accounts = new Dictionary<string, Account>();
        long last = long.MinValue;
        FileEvents.Read(file, map, rules, Add, cancellation);
        lastMs = last;
        return accounts;

        void Add(in CustomerEvent e)
        {
            last = Math.Max(last, e.TimeMs);
            if (e.Type is EventType.Clock or EventType.Erase)
                return;
            Account account = CollectionsMarshal.GetValueRefOrAddDefault(accounts, Encoding.UTF8.GetString(e.CustomerId), out _) ??= new Account();
            Aggregation.Add(ref account.State, ref account.Cold, in e, rules);
        }
    }

    private static Dictionary<string, Dictionary<string, Dictionary<string, long>>> Matrices(PolicySimulation simulation) =>
        simulation.Matrices.ToDictionary(m => m.Scheme.Name, m => Rows(m).ToDictionary(
            from => m.Scheme.TierName(from), from => Rows(m).Where(to => m[from, to] > 0).ToDictionary(to => m.Scheme.TierName(to), to => m[from, to])));

    private static IEnumerable<int> Rows(TransitionMatrix matrix) => Enumerable.Range(0, matrix.Scheme.Tiers.Count + 1).Where(from => RowTotal(matrix, from) > 0);

    private static long RowTotal(TransitionMatrix matrix, int tier) =>
        Enumerable.Range(0, matrix.Scheme.Tiers.Count + 1).Sum(other => matrix[tier, other] + matrix[other, tier]);

    private static void Print(PolicySimulation simulation, List<SimulatedChange> lines, TextWriter output)
    {
        IAnsiConsole console = TableConsole.On(output);
        foreach (TransitionMatrix matrix in simulation.Matrices.Where(m => m.Moved > 0))
        {
            int[] tiers = [.. Rows(matrix)];
            var table = new Table { Border = TableBorder.Rounded, Title = new TableTitle($"{matrix.Scheme.Name}: {matrix.Moved} of {matrix.Total} would change tier") };
            table.AddColumn("now \\ then");
            foreach (int to in tiers)
                table.AddColumn(matrix.Scheme.TierName(to));
            foreach (int from in tiers)
                table.AddRow([matrix.Scheme.TierName(from), .. tiers.Select(to => $"{matrix[from, to]}")]);
            console.Write(table);
        }
        output.WriteLine(lines.Count == 0 ? "No customer would change tier." : $"{lines.Count} changes; --json lists them by customer.");
    }

    private sealed class Account
    {
        public CustomerState State;
        public ColdState Cold;
    }
}

/// <summary>One customer's change of tier under the policy tried.</summary>
internal sealed record SimulatedChange(string CustomerId, string Scheme, string From, string To);

/// <summary>The outcome: counts by scheme, tier now and tier then, and the changes by customer.</summary>
internal sealed record SimulationReport(
    int Customers, Dictionary<string, Dictionary<string, Dictionary<string, long>>> Matrices, IReadOnlyList<SimulatedChange> Changes);

/// <summary>JSON of the outcome.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SimulationReport))]
internal sealed partial class SimulationJson : JsonSerializerContext;
