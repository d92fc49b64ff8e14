using ResNetEdge.Service;
using ResNetEdge.Service.Rules;
using ResNetEdge.Service.Schedules;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Rules;

/// <summary>Times, arming and limits of rules, by a clock that is moved: it starts on 2026-01-01, a Thursday, at 00:00 UTC.</summary>
public class RuleConditionsTests
{
    private readonly FakeTime _time = new() { Zone = TimeZoneInfo.Utc };
    private readonly RuleConditions _conditions;
    private long _frame;

    public RuleConditionsTests() => _conditions = new RuleConditions(_time);

    [Fact]
    public void A_rule_is_decided_only_at_its_times_whatever_its_hold_says()
    {
        var engine = Engine(Rule() with { Active = Times("thu 00:10-00:20", "fri"), Hold = TimeSpan.FromHours(5) });
        Assert.Empty(Update(engine, 1));
        Assert.Equal("inactive", Assert.Single(engine.Statuses).Closed);
        _time.Advance(TimeSpan.FromMinutes(10));
        var on = Assert.Single(Update(engine, 1));
        Assert.Equal((true, "seen", "thu 00:10-00:20"), (on.IsOn, on.Reason, on.Why!.Value.Active));
        Assert.Null(Assert.Single(engine.Statuses).Closed);
        _time.Advance(TimeSpan.FromMinutes(10));
        var off = Assert.Single(Update(engine, 1));
        Assert.Equal((false, "inactive", "", _frame, null), (off.IsOn, off.Reason, off.Label, off.Frame, off.Why));
        Assert.Empty(Update(engine, 1));
        _time.Advance(TimeSpan.FromDays(1));
        Assert.Equal("fri", Assert.Single(Update(engine, 1)).Why!.Value.Active);
    }

    [Fact]
    public void Frames_of_before_its_time_do_not_count()
    {
        var engine = Engine(Rule() with { Active = Times("00:10-00:20"), Frames = 2, Of = 2 });
        Update(engine, 1);
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.Empty(Update(engine, 1));
        Assert.Single(Update(engine, 1));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_rule_is_decided_only_while_it_is_armed(bool isArmedUnheard)
    {
        var rule = Rule() with { ArmedBy = new ArmedBySettings("broker", "home/alarm", new(["armed_away", "armed_night"]), isArmedUnheard) };
        var engine = Engine(rule);
        Assert.Equal(isArmedUnheard ? 1 : 0, Update(engine, 1).Length);
        Update(engine, 0);
        var state = _conditions.StateOf("broker", "home/alarm");
        state.Text = "armed_night";
        var on = Assert.Single(Update(engine, 1));
        Assert.Equal("armed_night", on.Why!.Value.Armed);
        state.Text = "disarmed";
        Assert.Equal("disarmed", Assert.Single(Update(engine, 1)).Reason);
        Assert.Equal("disarmed", Assert.Single(engine.Statuses).Closed);
        state.Text = "armed_away";
        Assert.True(Assert.Single(Update(engine, 1)).IsOn);
        var next = new RuleEngine([rule], Classes.Task(2, ["cat", "dog"]), engine); // a reload
        state.Text = null; // an empty message
        Assert.Equal(isArmedUnheard ? 0 : 1, Update(next, 1).Length);
    }

    [Fact]
    public void A_limit_holds_back_what_people_are_told_and_leaves_the_rule_as_it_is()
    {
        var rule = Rule() with { AtMost = new AtMost(2, TimeSpan.FromHours(1)) };
        var engine = Engine(rule);
        Assert.Equal([false, false, false, false, true, true], Blink(engine, 3));
        engine = new RuleEngine([rule], Classes.Task(2, ["cat", "dog"]), engine); // a reload does not begin again
        Assert.Equal([true, true], Blink(engine, 1));
        Assert.Equal((4L, 2L), (engine.Statuses[0].TurnedOn, engine.Statuses[0].HeldBack));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal([false, false, false, false, true, true], Blink(engine, 3)); // both were more than an hour ago
        Assert.Equal(3, engine.Statuses[0].HeldBack);
        Assert.Null(Engine(Rule()).Statuses[0].HeldBack);
    }

    [Fact]
    public void A_limit_of_an_hour_is_over_after_an_hour_to_the_tick()
    {
        var hour = TimeSpan.FromHours(1);
        var limit = new RuleLimit(new AtMost(1, hour));
        Assert.True(limit.TryPass(TimeSpan.Zero));
        Assert.False(limit.TryPass(hour - TimeSpan.FromTicks(1)));
        Assert.True(limit.TryPass(hour));
    }

    [Fact]
    public void Never_more_than_the_limit_in_any_hour()
    {
        var random = new Random(1);
        var (limit, passed, now) = (new RuleLimit(new AtMost(3, TimeSpan.FromHours(1))), new List<double>(), 0.0);
        for (int i = 0; i < 1000; i++)
        {
            now += random.NextDouble() * 30;
            int lately = passed.Count(p => now - p < 60);
            bool passes = limit.TryPass(TimeSpan.FromMinutes(now));
            Assert.Equal(lately < 3, passes);
            if (passes) passed.Add(now);
        }
    }

    [Fact]
    public void An_event_says_which_conditions_held()
    {
        var engine = Engine(Rule() with { Threshold = 0.8, Release = 0.3, Frames = 2, Of = 3, Labels = new(["cat", "dog"]) });
        Update(engine, 0.9f);
        Update(engine, 0.5f);
        var on = Assert.Single(Update(engine, 0.95f));
        Assert.Equal(new RuleWhy(0.8, 2, 2, 3, null, null), on.Why);
        RuleEvent[] off = [];
        while (off.Length == 0) off = Update(engine, 0.1f, 0.2f);
        Assert.Equal(("gone", new RuleWhy(0.3, 1, 2, 3, null, null)), (off[0].Reason, off[0].Why!.Value));
        Assert.Equal("dog", off[0].Label); // which of the two
    }

    [Fact]
    public void A_frame_allocates_nothing()
    {
        var engine = Engine(Rule() with
        {
            Active = Times("mon-fri 08:00-18:00", "sunset-sunrise"),
            ArmedBy = new ArmedBySettings("broker", "home/alarm", new(["armed_away"]), true),
            AtMost = new AtMost(5, TimeSpan.FromDays(1)),
        });
        var (bright, dark) = (Frame(1), Frame(0));
        dark.DoneTime = bright.DoneTime;
        for (int i = 0; i < 10; i++) engine.Update(i % 2 == 0 ? bright : dark);
        _time.Advance(TimeSpan.FromMinutes(1));
        long before = GC.GetAllocatedBytesForCurrentThread();
        int changes = 0;
        for (int i = 0; i < 1000; i++) changes += engine.Update(i % 2 == 0 ? bright : dark).Length;
        Assert.Equal((0, 1000), (GC.GetAllocatedBytesForCurrentThread() - before, changes));
    }

    private bool[] Blink(RuleEngine engine, int times)
    {
        var held = new List<bool>();
        for (int i = 0; i < times; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(10));
            foreach (float score in new float[] { 1, 0 }) held.AddRange(Update(engine, score).Select(e => e.IsHeldBack));
        }

        return [.. held];
    }

    private RuleEvent[] Update(RuleEngine engine, params float[] probabilities) => engine.Update(Frame(probabilities)).ToArray();

    private FrameResult Frame(params float[] probabilities)
    {
        _time.Advance(TimeSpan.FromSeconds(1.5)); // the clock is asked once a second
        return new FrameResult(Classes.Probable(probabilities is [var cat] ? [cat, 0] : probabilities)) { Frame = ++_frame, DoneTime = _time.Now };
    }

    private RuleEngine Engine(RuleSettings rule)
    {
        var task = Classes.Task(2, ["cat", "dog"]);
        return new RuleEngine([rule], task, new RuleEngine([], task) { Conditions = _conditions });
    }

    private static ActiveTimes Times(params string[] periods) =>
        new(new([.. periods.Select(p => ActivePeriod.Parse(p, out _)!)]), new Position(52.52, 13.405));

    private static RuleSettings Rule() => new("seen", new(["cat"]), 0.9, 0.9, 1, 1, TimeSpan.Zero, TimeSpan.Zero, new(["lamp"]));
}
