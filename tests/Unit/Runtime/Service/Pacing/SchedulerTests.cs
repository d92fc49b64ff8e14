using ResNetEdge.Device.Sensors;
using ResNetEdge.Service.Pacing;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Pacing;

/// <summary>When the service does less, when it does more again, and that it does not swing between the two.</summary>
public class SchedulerTests
{
    private static readonly BudgetSettings Limits = BudgetSettings.None with
    {
        Latency = TimeSpan.FromMilliseconds(50),
        MaxCelsius = 80,
        MarginCelsius = 5,
        Window = 10,
        Misses = 4,
        Calm = TimeSpan.FromSeconds(10),
        HeatPause = TimeSpan.FromSeconds(5),
        MaxDivisor = 4,
    };

    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(60),
        Quick = TimeSpan.FromMilliseconds(10), Period = TimeSpan.FromMilliseconds(100);

    private TimeSpan _now = TimeSpan.FromHours(5);

    [Fact]
    public void Steps_go_down_the_ladder_first_and_leave_frames_out_last()
    {
        var scheduler = new Scheduler(Limits, 2, _now);
        var points = new List<string> { scheduler.OperatingPoint.ToString() };
        while (points.Count < 5)
        {
            if (Frames(scheduler, Slow, 1) is not null) points.Add(scheduler.OperatingPoint.ToString());
        }

        Assert.Equal(["level 0", "level 1", "level 2", "level 2, 1 frame in 2", "level 2, 1 frame in 4"], points);
        Assert.Null(Frames(scheduler, Slow, 100)); // there is no lower point
        Assert.Equal(4, scheduler.StepsDown);
        Assert.Equal(4 * 4 + 100, scheduler.Misses);
    }

    [Fact]
    public void Misses_count_within_the_window_only()
    {
        var scheduler = new Scheduler(Limits, 2, _now);
        for (int i = 0; i < 20; i++) Assert.Null(Frames(scheduler, i % 4 == 0 ? Slow : Quick, 1)); // at most three of any ten
        Assert.Equal(OperatingPoint.Full, scheduler.OperatingPoint);
        Assert.Contains("4 of the last", Frames(scheduler, Slow, 4), StringComparison.Ordinal);
    }

    [Fact]
    public void Calm_steps_up_one_point_at_a_time()
    {
        var scheduler = new Scheduler(Limits, 2, _now);
        Frames(scheduler, Slow, 8);
        Assert.Equal(2, scheduler.OperatingPoint.Level);
        Assert.Null(Frames(scheduler, Quick, 99)); // 9.9 s
        Assert.NotNull(Frames(scheduler, Quick, 1));
        Assert.Equal(1, scheduler.OperatingPoint.Level);
        Assert.Null(Frames(scheduler, Quick, 99));
        Assert.NotNull(Frames(scheduler, Quick, 1));
        Assert.Equal(OperatingPoint.Full, scheduler.OperatingPoint);
        Assert.Equal(2, scheduler.StepsUp);
    }

    [Fact]
    public void A_load_between_two_operating_points_swings_ever_more_rarely()
    {
        var scheduler = new Scheduler(Limits, 1, _now);
        var ups = new List<TimeSpan>();
        for (int i = 0; i < 60_000; i++)
        {
            bool wasDown = scheduler.OperatingPoint.Level == 1;
            Frames(scheduler, wasDown ? Quick : Slow, 1); // the whole network is always too slow, level 1 never
            if (wasDown && scheduler.OperatingPoint.Level == 0) ups.Add(_now);
        }

        var waits = ups.Zip(ups.Skip(1), (a, b) => b - a).ToList();
        Assert.All(waits.Zip(waits.Skip(1)).Take(5), pair => Assert.True(pair.Second > pair.First * 1.8, $"{pair.First} then {pair.Second}"));
        Assert.True(ups.Count < 15, $"{ups.Count} steps up in 100 minutes");
    }

    [Fact]
    public void Heat_steps_down_with_pauses_and_only_real_cooling_steps_up()
    {
        var scheduler = new Scheduler(Limits, 3, _now);
        Assert.Null(scheduler.CheckHeat(At(79.9), _now));
        Assert.Contains("cpu is at 80.0", scheduler.CheckHeat(At(80), _now), StringComparison.Ordinal);
        Assert.Null(scheduler.CheckHeat(At(85), Later(4.9)));
        Assert.NotNull(scheduler.CheckHeat(At(85), Later(0.1)));
        Assert.Equal(2, scheduler.OperatingPoint.Level);
        Assert.Null(scheduler.CheckHeat(At(76), Later(5)));
        Assert.Null(Frames(scheduler, Quick, 300)); // within the margin: neither way
        Assert.True(scheduler.IsHot);
        Assert.Null(scheduler.CheckHeat(At(74), _now));
        Assert.False(scheduler.IsHot);
        Assert.NotNull(Frames(scheduler, Quick, 101));
        Assert.Equal(1, scheduler.OperatingPoint.Level);
    }

    [Fact]
    public void Throttling_counts_as_heat_even_without_a_zone()
    {
        var scheduler = new Scheduler(Limits, 3, _now);
        Assert.Contains("under-voltage", scheduler.CheckHeat(new MachineState([], null, ["under-voltage"]), _now), StringComparison.Ordinal);
        Assert.Equal(1, scheduler.OperatingPoint.Level);
    }

    [Fact]
    public void Without_limits_nothing_happens()
    {
        var scheduler = new Scheduler(BudgetSettings.None, 3, _now);
        Assert.Null(Frames(scheduler, TimeSpan.FromHours(1), 1000));
        Assert.Null(scheduler.CheckHeat(At(120), _now));
        Assert.Equal(OperatingPoint.Full, scheduler.OperatingPoint);
    }

    [Fact]
    public void A_limit_on_levels_goes_straight_to_leaving_frames_out()
    {
        var scheduler = new Scheduler(Limits with { MaxLevel = 0 }, 3, _now);
        Frames(scheduler, Slow, 4);
        Assert.Equal(new OperatingPoint(0, 2), scheduler.OperatingPoint);
    }

    [Fact]
    public void The_divisor_runs_the_first_frame_after_a_step_and_then_one_in_so_many()
    {
        var scheduler = new Scheduler(Limits with { MaxLevel = 0 }, 3, _now);
        var skipped = new SkippedFrames();
        Assert.False(skipped.LeavesOut(scheduler.OperatingPoint));
        Frames(scheduler, Slow, 8);
        Assert.Equal(new OperatingPoint(0, 4), scheduler.OperatingPoint);
        Assert.Equal([false, true, true, true, false, true], Enumerable.Range(0, 6).Select(_ => skipped.LeavesOut(scheduler.OperatingPoint)));
        Frames(scheduler, Slow, 4); // there is no lower point: nothing begins again
        Assert.Equal([true, true, false], Enumerable.Range(0, 3).Select(_ => skipped.LeavesOut(scheduler.OperatingPoint)));
    }

    private static MachineState At(double celsius) => new([new ThermalZone("cpu", celsius), new ThermalZone("gpu", celsius - 10)], null, []);

    private TimeSpan Later(double seconds) => _now += TimeSpan.FromSeconds(seconds);

    private string? Frames(Scheduler scheduler, TimeSpan latency, int count)
    {
        string? why = null;
        for (int i = 0; i < count; i++) why = scheduler.CountFrame(latency, _now += Period) ?? why;
        return why;
    }
}
