using FsCheck;
using FsCheck.Fluent;
using StreamScorer.Worker.Web.Streams;
using StreamScorer.Worker.Webhooks;

namespace StreamScorer.Web.Tests.Webhooks;

/// <summary>The schedule alone, under any order of answers, failures and restarts.</summary>
public sealed class DeliveryScheduleTests
{
    private const int Partitions = 3;

    [Fact]
    public void Each_customers_messages_are_done_in_order_none_is_lost_and_none_that_is_stored_as_done_comes_again()
    {
        Gen<(int[] Customers, int[] Steps)> runs =
            from customers in Gen.Choose(0, 5).ArrayOf(30)
            from steps in Gen.Choose(0, 99).ArrayOf(400)
            select (customers, steps);
        Prop.ForAll(Arb.From(runs), run => new Receiver(run.Customers).Run(run.Steps)).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    [Fact]
    public void A_customer_whose_message_fails_holds_up_no_other()
    {
        var schedule = new DeliverySchedule([0], [0], []);
        FeedItem[] items = [Item("ann", 0, 0), Item("ann", 0, 1), Item("bob", 0, 2), Item("bob", 0, 3)];
        Array.ForEach(items, schedule.Add);

        Assert.Equal(items[0], schedule.Take(0)!.Item);
        schedule.Pause(items[0], 100);
        Assert.Equal(items[2], schedule.Take(0)!.Item);
        schedule.Finish(items[2]);
        Assert.Equal(items[3], schedule.Take(1)!.Item);
        schedule.Finish(items[3]);

        Assert.Null(schedule.Take(99));
        Assert.Equal(100, schedule.NextDueMs);
        Assert.Equal([0L], schedule.Low);
        Assert.Equal([4L], schedule.Seen);
        Assert.Equal([new OutputPlace(0, 0), new OutputPlace(0, 1)], schedule.Waiting);
        Assert.Equal((items[0], 1, 0L), schedule.Take(100) is { } again ? (again.Item, again.EarlierAttempts, again.FirstAttemptMs) : default);
        schedule.Finish(items[0]);
        Assert.Equal((items[1], 0), schedule.Take(100) is { } next ? (next.Item, next.EarlierAttempts) : default);
        schedule.Finish(items[1]);
        Assert.Equal([4L], schedule.Low);
        Assert.Empty(schedule.Waiting);
    }

    private static FeedItem Item(string customer, int partition, long position) =>
        new() { Kind = FeedItemKind.Transition, CustomerId = customer, Partition = partition, Position = position };

    /// <summary>An output, an endpoint that answers in any order, and a sender that may stop at any moment and begin again with what it stored last.</summary>
    private sealed class Receiver
    {
        private readonly FeedItem[] output;
        private readonly List<FeedItem> underWay = [];
        private readonly Dictionary<string, long> lastDone = [];
        private readonly HashSet<OutputPlace> done = [];
        private (long[] Low, long[] Seen, OutputPlace[] Waiting) stored = (new long[Partitions], new long[Partitions], []);
        private DeliverySchedule schedule = new(new long[Partitions], new long[Partitions], []);
        private long nowMs;

        public Receiver(int[] customers)
        {
            long[] next = new long[Partitions];
            // Every third place holds something that is not wanted.
            output = [.. customers.Select(customer => Item($"c{customer}", customer % Partitions, next[customer % Partitions] += 1 + customer % 3))];
        }

        public void Run(int[] steps)
        {
            foreach (int step in steps)
                Step(step);
            while (Read())
            {
                // All the rest.
            }
            schedule.Look([.. Enumerable.Repeat(1_000L, Partitions)]);
            while (schedule.WaitingCount > 0)
            {
                nowMs += 1_000;
                Send();
                Assert.NotEmpty(underWay);
                Answer(underWay[0]);
            }
            Assert.Equal(output.Length, done.Count);
            Assert.All(schedule.Low, low => Assert.Equal(1_000, low));
        }

        private void Step(int step)
        {
            nowMs++;
            if (step < 30)
                Read();
            else if (step < 60)
                Send();
            else if (step < 80 && underWay.Count > 0)
                Answer(underWay[step % underWay.Count]);
            else if (step < 90 && underWay.Count > 0)
                Fail(underWay[step % underWay.Count]);
            else if (step < 96)
                Store();
            else
                Restart();
        }

        /// <summary>The next message; false when there is none.</summary>
        private bool Read()
        {
            if (output.FirstOrDefault(item => item.Position >= schedule.ReadTo[item.Partition]) is not { } item)
                return false;
            schedule.Add(item);
            return true;
        }

        private void Send()
        {
            if (schedule.Take(nowMs) is not { } attempt)
                return;
            Assert.DoesNotContain(underWay, item => item.CustomerId == attempt.Item.CustomerId);
            OutputPlace place = new(attempt.Item.Partition, attempt.Item.Position);
            bool isStoredAsDone = place.Position < stored.Low[place.Partition] || (place.Position < stored.Seen[place.Partition] && !stored.Waiting.Contains(place));
            Assert.False(isStoredAsDone, $"{place} was stored as done and came again");
            underWay.Add(attempt.Item);
        }

        private void Answer(FeedItem item)
        {
            underWay.Remove(item);
            schedule.Finish(item);
            bool isRepeat = !done.Add(new OutputPlace(item.Partition, item.Position));
            Assert.True(isRepeat || lastDone.GetValueOrDefault(item.CustomerId, -1) < item.Position, $"{item.CustomerId}: {item.Position} came late");
            Assert.DoesNotContain(output, other => other.CustomerId == item.CustomerId && other.Position < item.Position && !done.Contains(new(other.Partition, other.Position)));
            lastDone[item.CustomerId] = Math.Max(item.Position, lastDone.GetValueOrDefault(item.CustomerId));
        }

        private void Fail(FeedItem item)
        {
            underWay.Remove(item);
            schedule.Pause(item, nowMs + item.Position);
        }

        private void Store() => stored = ([.. schedule.Low], [.. schedule.Seen], [.. schedule.Waiting]);

        private void Restart()
        {
            underWay.Clear();
            schedule = new DeliverySchedule(stored.Low, stored.Seen, stored.Waiting);
        }
    }
}
