using FsCheck;
using FsCheck.Fluent;
using StreamScorer.Engine.Processing;

namespace StreamScorer.Engine.Tests.Processing;

public sealed class TimerWheelTests
{
    [Fact]
    public void Fires_what_a_sorted_list_would_fire()
    {
        Gen<(int Customer, int Kind, int Seconds)[]> steps = (
            from customer in Gen.Choose(0, 40)
            from kind in Gen.Choose(0, 9)
            from magnitude in Gen.Choose(0, 30)
            from seconds in Gen.Choose(0, 1 << magnitude)
            select (customer, kind, seconds)).ArrayOf(200);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(steps.ToArbitrary(), Agrees));
    }

    [Fact]
    public void A_deadline_within_a_second_fires_at_the_next_whole_one()
    {
        (CustomerTable table, TimerWheel wheel) = Make();
        Arm(table, wheel, 0, 1_500);
        wheel.Advance(1);
        Assert.False(wheel.HasDue);
        wheel.Advance(2);
        Assert.True(wheel.TryTakeDue(out int slot));
        Assert.Equal(0, slot);
    }

    [Fact]
    public void A_deadline_in_the_past_is_due_at_once()
    {
        (CustomerTable table, TimerWheel wheel) = Make();
        wheel.Reset(1_000);
        Arm(table, wheel, 3, 999_000);
        Assert.True(wheel.TryTakeDue(out int slot));
        Assert.Equal(3, slot);
        Assert.Equal(0, wheel.Count);
    }

    private static bool Agrees((int Customer, int Kind, int Seconds)[] steps)
    {
        (CustomerTable table, TimerWheel wheel) = Make();
        var naive = new Dictionary<int, long>();
        long now = 0;
        foreach ((int customer, int kind, int seconds) in steps)
        {
            if (kind == 0)
            {
                wheel.Disarm(customer);
                naive.Remove(customer);
            }
            else if (kind < 6)
            {
                Arm(table, wheel, customer, (now + seconds) * 1000);
                naive[customer] = now + seconds;
            }
            else
            {
                now += seconds;
                wheel.Advance(now);
                int[] expected = [.. naive.Where(e => e.Value <= now).Select(e => e.Key).Order()];
                var fired = new List<int>();
                while (wheel.TryTakeDue(out int slot))
                    fired.Add(slot);
                if (!fired.Order().SequenceEqual(expected))
                    return false;
                foreach (int gone in expected)
                    naive.Remove(gone);
            }
        }
        return wheel.Count == naive.Count;
    }

    private static (CustomerTable Table, TimerWheel Wheel) Make()
    {
        var table = new CustomerTable();
        for (int i = 0; i <= 40; i++)
            table.GetOrAdd(BitConverter.GetBytes(i));
        var wheel = new TimerWheel(table);
        wheel.Reset(0);
        return (table, wheel);
    }

    private static void Arm(CustomerTable table, TimerWheel wheel, int slot, long deadlineMs)
    {
        table.State(slot).DeadlineMs = deadlineMs;
        wheel.Arm(slot, deadlineMs);
    }
}
