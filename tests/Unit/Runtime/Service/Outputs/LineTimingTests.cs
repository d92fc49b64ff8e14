using FsCheck;
using FsCheck.Fluent;
using ResNetEdge.Service.Outputs;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Outputs;

public class LineTimingTests
{
    private const int End = 400;

    [Fact]
    public void Asked_only_when_it_says_it_does_what_the_plain_one_does_each_millisecond() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll<byte, byte, byte[]>((hold, debounce, wishes) =>
        {
            int holdMs = hold % 20, debounceMs = debounce % 10, pulseMs = hold % 3 == 0 ? debounce % 25 : 0;
            var wishesAt = new Dictionary<int, bool>();
            int at = 0;
            for (int i = 0; i < wishes.Length && at < 300; i++) wishesAt[at += wishes[i] % 12] = i % 2 == 0;
            var changes = Fast(holdMs, debounceMs, pulseMs, wishesAt);
            Assert.Equal(Plain(holdMs, debounceMs, pulseMs, wishesAt), changes);
            for (int i = 1; i < changes.Count; i++) Assert.True(changes[i] - changes[i - 1] >= debounceMs);
            for (int i = 1; i < changes.Count; i += 2) Assert.True(changes[i] - changes[i - 1] >= (pulseMs > 0 ? pulseMs : holdMs));
            if (pulseMs == 0) Assert.Equal(wishesAt.Count > 0 && wishesAt.MaxBy(w => w.Key).Value, changes.Count % 2 == 1);
            else Assert.Equal(0, changes.Count % 2);
        }));

    [Fact]
    public void The_shortest_wish_makes_it_active_once()
    {
        var timing = new LineTiming(Ms(50), Ms(10), null);
        timing.Want(true, Ms(100));
        timing.Want(false, Ms(100));
        Assert.Equal(Ms(151), timing.At(Ms(101)));
        Assert.True(timing.IsActive);
        Assert.Null(timing.At(Ms(151)));
        Assert.False(timing.IsActive);
        Assert.False(timing.IsDirect); // it waited for its hold
    }

    /// <summary>Milliseconds of the changes; the first is to active.</summary>
    private static List<int> Fast(int hold, int debounce, int pulse, Dictionary<int, bool> wishes)
    {
        var timing = new LineTiming(Ms(hold), Ms(debounce), pulse == 0 ? null : Ms(pulse));
        var changes = new List<int>();
        TimeSpan? next = null;
        for (int t = 0; t < End; t++)
        {
            bool isWish = wishes.TryGetValue(t, out bool wanted);
            if (isWish) timing.Want(wanted, Ms(t));
            else if (next is null || next > Ms(t)) continue;
            do
            {
                bool before = timing.IsActive;
                next = timing.At(Ms(t));
                if (timing.IsActive != before) changes.Add(t);
            }
            while (next <= Ms(t));
        }

        return changes;
    }

    private static List<int> Plain(int hold, int debounce, int pulse, Dictionary<int, bool> wishes)
    {
        var changes = new List<int>();
        bool wanted = false, owed = false;
        int? pulseFrom = null;
        for (int t = 0; t < End; t++)
        {
            bool Active() => changes.Count % 2 == 1;
            if (wishes.TryGetValue(t, out bool wish))
            {
                if (wish && !wanted && !Active()) owed = true;
                if (wish && !wanted) pulseFrom = t;
                wanted = wish;
            }

            for (int turn = 0; turn < 4; turn++)
            {
                if (changes.Count > 0 && t - changes[^1] < debounce) break;
                if (!Active() && (owed || (wanted && pulse == 0)))
                {
                    changes.Add(t);
                    (owed, pulseFrom) = (false, t);
                }
                else if (Active() && (pulse > 0 ? t - pulseFrom >= pulse : !wanted && t - changes[^1] >= hold)) changes.Add(t);
                else break;
            }
        }

        return changes;
    }

    private static TimeSpan Ms(int ms) => TimeSpan.FromMilliseconds(ms);
}
