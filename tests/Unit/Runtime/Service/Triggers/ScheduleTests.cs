using ResNetEdge.Service.Triggers;
using ResNetEdge.Service.Yaml;
using ResNetEdge.Tests.Fakes;
using ResNetEdge.Tests.Unit.Runtime.Service.Outputs;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Triggers;

public sealed class ScheduleTests
{
    private static readonly TimeOnly Morning = new(6, 30), Evening = new(18, 0);

    [Theory]
    [InlineData("2026-11-30T00:00:00", "2026-11-30T06:30:00")] // a Monday
    [InlineData("2026-11-30T06:30:00", "2026-11-30T18:00:00")]
    [InlineData("2026-11-30T18:00:01", "2026-12-02T06:30:00")]
    [InlineData("2026-12-02T20:00:00", "2026-12-07T06:30:00")] // over the year's last weeks and a weekend
    public void The_next_time_is_found_over_days_that_are_left_out(string now, string next) => Assert.Equal(
        DateTime.Parse(next, null), At([Evening, Morning], [DayOfWeek.Monday, DayOfWeek.Wednesday]).NextAfter(DateTime.Parse(now, null)));

    [Fact]
    public void Intervals_and_times_of_the_day_ask()
    {
        var time = new FakeTime(); // 2026-01-01, a Thursday
        using var bench = new SinkBench(time);
        var (queue, asked) = (new LookQueue(() => { }, []), new List<LookRequest>());
        var context = new TriggerContext(time, bench.Context.Log, queue);
        var local = time.GetLocalNow();
        using (new ScheduleSettings("every", TimeSpan.FromSeconds(10), new([]), new([])).Open(context)) time.Advance(TimeSpan.FromSeconds(35));
        using (At([TimeOnly.FromDateTime(local.DateTime.AddHours(2))], []).Open(context)) time.Advance(TimeSpan.FromHours(23));
        using (new ScheduleSettings("never", TimeSpan.FromSeconds(10), new([]), new([local.AddDays(3).DayOfWeek])).Open(context))
            time.Advance(TimeSpan.FromMinutes(1));
        queue.TakeInto(0, asked);
        Assert.Equal(["every", "every", "every", "at"], asked.Select(a => a.Trigger));
    }

    [Fact]
    public void A_clock_that_is_set_is_followed()
    {
        var time = new FakeTime();
        using var bench = new SinkBench(time);
        var (queue, asked) = (new LookQueue(() => { }, []), new List<LookRequest>());
        var local = time.GetLocalNow();
        using var trigger = At([TimeOnly.FromDateTime(local.DateTime.AddHours(5))], []).Open(new TriggerContext(time, bench.Context.Log, queue));
        time.JumpWallClock(TimeSpan.FromHours(5) - TimeSpan.FromSeconds(30));
        time.Advance(TimeSpan.FromMinutes(2));
        queue.TakeInto(0, asked);
        Assert.Single(asked);
    }

    private static ScheduleSettings At(TimeOnly[] at, DayOfWeek[] days) => new("at", null, new EqualList<TimeOnly>(at),
        new EqualList<DayOfWeek>(days));
}
