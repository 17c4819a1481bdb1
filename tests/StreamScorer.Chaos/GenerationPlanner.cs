using StreamScorer.Engine;
using StreamScorer.Worker.Hosting;

namespace StreamScorer.Chaos;

/// <summary>Draws plans: failpoints from shuffled decks, so that each comes up equally often, random instants between them, and every fifth time a hand-over.</summary>
internal sealed class GenerationPlanner(Random random)
{
    private const int HandOverEvery = 5;
    private const int OccurrenceMax = 24;

    /// <summary>
    /// By then all are dead. The successors wait three seconds in their new group before they own anything; a worker that lived on would be a second owner.
    /// </summary>
    private static readonly TimeSpan latest = TimeSpan.FromSeconds(2.2);

    private static readonly EngineStep?[] handOverCards = [EngineStep.Revoked, EngineStep.Drained];

    // Null stands for an instant at random: one in four.
    private static readonly EngineStep?[] cards = [.. Enum.GetValues<EngineStep>().Select(step => (EngineStep?)step).Except(handOverCards), null, null, null, null];

    private readonly Queue<EngineStep?> deck = [];
    private readonly Queue<EngineStep?> handOverDeck = [];
    private int drawn;

    /// <summary>The next plan.</summary>
    /// <param name="workers">How many die.</param>
    public GenerationPlan Next(int workers)
    {
        int number = drawn++;
        GenerationKind kind = workers < 2 || number % HandOverEvery != HandOverEvery - 1
            ? GenerationKind.Sudden
            : number % (2 * HandOverEvery) < HandOverEvery ? GenerationKind.Survived : GenerationKind.Joined;
        return new GenerationPlan(kind, [.. Enumerable.Range(0, workers).Select(worker => Draw(kind, worker, workers))]);
    }

    private Death Draw(GenerationKind kind, int worker, int workers)
    {
        // The first of those that are to survive one dies at once; whoever joins last meets nobody who could take from it.
        if (kind == GenerationKind.Survived && worker == 0)
            return new Death(null, TimeSpan.Zero);
        if (kind != GenerationKind.Sudden && worker < workers - 1)
            return new Death($"{Failpoint.NameOf(Draw(handOverDeck, handOverCards)!.Value)}:{random.Next(1, 5)}", latest);
        // The first time as often as all later ones together: what a step meets first is the state that was taken over.
        return Draw(deck, cards) is { } step
            ? new Death($"{Failpoint.NameOf(step)}:{(random.Next(2) == 0 ? 1 : random.Next(2, OccurrenceMax))}", latest)
            : new Death(null, latest * random.NextDouble());
    }

    private EngineStep? Draw(Queue<EngineStep?> from, EngineStep?[] all)
    {
        if (from.Count == 0)
        {
            EngineStep?[] shuffled = [.. all];
            random.Shuffle(shuffled);
            foreach (EngineStep? card in shuffled)
                from.Enqueue(card);
        }
        return from.Dequeue();
    }
}
