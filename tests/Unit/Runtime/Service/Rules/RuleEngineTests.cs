using FsCheck;
using FsCheck.Fluent;
using ResNetEdge.Service;
using ResNetEdge.Service.Rules;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Rules;

public class RuleEngineTests
{
    private static readonly string[] Labels = ["cat", "dog", "cat", "bird"]; // a label twice, as ImageNet has
    private static readonly float[] Levels = [0, 0.2f, 0.5f, 0.7f, 0.9f, 1, float.NaN];

    [Fact]
    public void Every_rule_does_what_the_slow_one_does() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll<int[], int[]>((choices, frames) => SameAsSlow(choices, frames)));

    [Fact]
    public void A_frame_that_is_not_a_number_turns_nothing_on()
    {
        var engine = Engine(Rule() with { Threshold = 0, Release = 0 });
        Assert.Empty(engine.Update(Frame(1, float.NaN, float.NaN, float.NaN, float.NaN)).ToArray());
        Assert.Equal("cat", Assert.Single(engine.Update(Frame(2, 0, float.NaN, float.NaN, float.NaN)).ToArray()).Label);
    }

    [Fact]
    public void The_event_says_which_class_how_sure_and_when()
    {
        var engine = Engine(Rule() with { Labels = new(["cat", "bird"]) });
        var change = Assert.Single(engine.Update(Frame(7, 0.1f, 0.2f, 0.3f, 0.95f)).ToArray());
        Assert.Equal(new RuleEvent("seen", true, "bird", 0.95f, "seen", 7, TimeSpan.FromSeconds(7) - TimeSpan.FromMilliseconds(30),
            DateTimeOffset.UnixEpoch.AddSeconds(7)), change with { Why = null });
        Assert.Equal(["lamp"], engine.ActionsOf("seen"));
        Assert.Empty(engine.ActionsOf("another"));
        var off = Assert.Single(engine.Update(Frame(8, 0.4f, 0, 0.3f, 0)).ToArray());
        Assert.Equal((false, "cat", 0.4f, "gone", 8L), (off.IsOn, off.Label, off.Probability, off.Reason, off.Frame));
        Assert.Equal((1L, false), (engine.Statuses[0].TurnedOn, engine.Statuses[0].IsOn));
    }

    [Fact]
    public void Blindness_turns_off_at_once_and_forgets_what_was_seen()
    {
        var engine = Engine(
            Rule() with { Hold = TimeSpan.FromHours(1), Frames = 2, Of = 3 },
            Rule() with { Name = "off", Frames = 2, Of = 3, Labels = new(["dog"]) });
        engine.Update(Frame(1, 1, 0, 0, 0));
        Assert.Single(engine.Update(Frame(2, 1, 0.9f, 0, 0)).ToArray());
        var off = Assert.Single(engine.TurnOff("blind", TimeSpan.FromSeconds(5), DateTimeOffset.UnixEpoch).ToArray());
        Assert.Equal(("seen", false, "", "blind", 2L), (off.Rule, off.IsOn, off.Label, off.Reason, off.Frame));
        Assert.Empty(engine.TurnOff("stopped", TimeSpan.FromSeconds(6), DateTimeOffset.UnixEpoch).ToArray());
        Assert.Empty(engine.Update(Frame(7, 1, 1, 0, 0)).ToArray()); // one frame since: the one before does not count any more
        Assert.Equal(2, engine.Update(Frame(8, 1, 1, 0, 0)).Length);
    }

    [Fact]
    public void A_reload_keeps_equal_rules_and_turns_the_others_off()
    {
        var (kept, changed) = (Rule(), Rule() with { Name = "changed", Labels = new(["dog"]) });
        var engine = Engine(kept, changed);
        Assert.Equal(2, engine.Update(Frame(1, 1, 1, 0, 0)).Length);
        var another = Classes.Task(3, ["bird", "cat", "dog"]); // a model in another order too
        var next = new RuleEngine([Rule(), changed with { Threshold = 0.8, Release = 0.8 }], another, engine);
        var off = Assert.Single(engine.TurnOffAllBut(next, TimeSpan.FromSeconds(2), DateTimeOffset.UnixEpoch).ToArray());
        Assert.Equal(("changed", false, "reloaded"), (off.Rule, off.IsOn, off.Reason));
        Assert.Equal([(true, 1L), (false, 0L)], next.Statuses.Select(s => (s.IsOn, s.TurnedOn)));
        var standing = Assert.Single(next.Standing().ToArray());
        Assert.Equal(("seen", true, "reloaded", 1L), (standing.Rule, standing.IsOn, standing.Reason, standing.Frame));
        Assert.Equal("gone", Assert.Single(next.Update(Frame(3, 0, 0, 0)).ToArray()).Reason);
    }

    [Fact]
    public void A_label_that_the_model_lacks_is_refused_with_what_is_near()
    {
        var e = Assert.Throws<EdgeException>(() => Engine(Rule() with { Labels = new(["cat", "birdd"]) }));
        Assert.Equal(
            (FailureKind.BadInput, "rule 'seen' watches 'birdd', which is not a label of the model; did you mean 'bird'?"), (e.Kind, e.Message));
        e = Assert.Throws<EdgeException>(() => new RuleEngine([Rule() with { Labels = new(["4"]) }], Classes.Task(4, [])));
        Assert.Equal("rule 'seen' watches '4', but the model has no labels; use a class number from 0 to 3", e.Message);
        var third = new RuleEngine([Rule() with { Labels = new(["3"]) }], Classes.Task(4, []));
        Assert.Equal("3", Assert.Single(third.Update(Frame(1, 0, 0, 0, 1)).ToArray()).Label);
    }

    [Fact]
    public void A_frame_allocates_nothing()
    {
        var engine = Engine([.. Enumerable.Range(0, 8).Select(i => Rule() with { Name = $"r{i}", Frames = 2, Of = 3 })]);
        var (on, off) = (Frame(1, 1, 0, 0, 0), Frame(2, 0, 0, 0, 0));
        int changes = 0;
        for (int i = 0; i < 4; i++) changes += engine.Update(i < 2 ? on : off).Length;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++) changes += engine.Update(i % 4 < 2 ? on : off).Length;
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(8 * 2 * 251, changes);
    }

    private static void SameAsSlow(int[] choices, int[] frames)
    {
        int next = 0;
        int Choose(int count) => choices.Length == 0 ? 0 : (int)((uint)choices[next++ % choices.Length] % (uint)count);
        RuleSettings Random(int i)
        {
            int of = 1 + Choose(6);
            var (high, low) = (Levels[1 + Choose(5)], Levels[1 + Choose(5)]);
            return Rule() with
            {
                Name = $"r{i}",
                Labels = new([Labels[Choose(4)], Labels[Choose(4)]]),
                Threshold = Math.Max(high, low),
                Release = Math.Min(high, low),
                Of = of,
                Frames = 1 + Choose(of),
                Hold = TimeSpan.FromSeconds(Choose(4)),
                Quiet = TimeSpan.FromSeconds(Choose(4)),
            };
        }

        var rules = Enumerable.Range(0, 3).Select(Random).ToList();
        var engine = new RuleEngine(rules, Classes.Task(4, Labels));
        var slow = rules.Select(r => new SlowRule(r, Labels)).ToList();
        for (int f = 0; f < frames.Length; f++)
        {
            uint bits = (uint)frames[f] * 2654435761u >> 3;
            var now = TimeSpan.FromSeconds(f);
            List<(string, bool)> expected, got;
            if (bits % 16 == 15)
            {
                expected = [.. slow.Select((s, i) => (s, i)).Where(p => p.s.TurnOff(now)).Select(p => ($"r{p.i}", false))];
                got = [.. engine.TurnOff("blind", now, DateTimeOffset.UnixEpoch).ToArray().Select(e => (e.Rule, e.IsOn))];
            }
            else
            {
                float[] p = [.. Enumerable.Range(0, 4).Select(c => Levels[(bits >> (4 + 4 * c)) % (uint)Levels.Length])];
                expected = [.. slow.Select((s, i) => (s, i)).Where(s => s.s.Update(p, now)).Select(s => ($"r{s.i}", s.s.IsOn))];
                got = [.. engine.Update(Frame(f, p)).ToArray().Select(e => (e.Rule, e.IsOn))];
                if (bits % 16 == 14) engine = new RuleEngine(rules, Classes.Task(4, Labels), engine); // a reload that changes nothing
            }

            Assert.Equal(expected, got);
            Assert.Equal(slow.Select(s => s.IsOn), engine.Statuses.Select(s => s.IsOn));
        }
    }

    private static RuleSettings Rule() => new("seen", new(["cat"]), 0.9, 0.9, 1, 1, TimeSpan.Zero, TimeSpan.Zero, new(["lamp"]));

    private static RuleEngine Engine(params RuleSettings[] rules) => new(rules, Classes.Task(4, Labels));

    private static FrameResult Frame(int second, params float[] probabilities) => new(Classes.Probable(probabilities))
    {
        Frame = second,
        DoneTime = TimeSpan.FromSeconds(second),
        CameraTime = TimeSpan.FromSeconds(second) - TimeSpan.FromMilliseconds(30),
        Time = DateTimeOffset.UnixEpoch.AddSeconds(second),
    };
}
