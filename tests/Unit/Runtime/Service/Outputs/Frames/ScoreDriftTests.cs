using ResNetEdge.Service.Outputs.Frames;
using ResNetEdge.Tests.Data;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Outputs.Frames;

public class ScoreDriftTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(1);
    private TimeSpan _now = TimeSpan.FromHours(5);

    [Fact]
    public void A_night_is_no_drift_and_a_lens_out_of_focus_is()
    {
        var drift = new ScoreDrift(0.25, null, _now);
        Assert.Equal(1, Day(drift, hour => hour is < 6 or > 20 ? 0.52f : 0.97f));
        long[] first = drift.TakeReference()!;
        Assert.Equal((1440, 0, 0), ((int)first.Sum(), (int)first[0], (int)first[14]));
        Assert.Null(drift.TakeReference());
        Assert.Equal(0, Day(drift, hour => hour is < 6 or > 20 ? 0.52f : 0.97f));
        Assert.False(drift.IsDrifting);
        Assert.InRange(drift.Index, 0, 0.01);
        Day(drift, _ => 0.7f);
        Assert.True(drift.IsDrifting);
        // p: 540 of 1440 in step 10, the rest in step 19; q: all in step 14. Least share 1e-4.
        double p10 = 9.0 / 24, p19 = 15.0 / 24;
        double expected = (1e-4 - p10) * Math.Log(1e-4 / p10) + (1e-4 - p19) * Math.Log(1e-4 / p19) + (1 - 1e-4) * Math.Log(1 / 1e-4);
        Assert.Equal(expected, drift.Index, 0.02);
        Day(drift, hour => hour is < 6 or > 20 ? 0.52f : 0.97f);
        Assert.False(drift.IsDrifting);
    }

    [Fact]
    public void A_first_day_of_an_earlier_run_counts_and_a_day_is_waited_for()
    {
        var reference = new long[ScoreDrift.Steps];
        reference[19] = 1000;
        var drift = new ScoreDrift(0.25, reference, _now);
        for (int minute = 0; minute < 23 * 60; minute++) drift.Add(0.1f, _now += Step);
        Assert.False(drift.IsDrifting);
        for (int minute = 0; minute < 70; minute++) drift.Add(0.1f, _now += Step);
        Assert.True(drift.IsDrifting);
        Assert.Null(drift.TakeReference());
        drift.Add(1, _now += TimeSpan.FromDays(400)); // what was is forgotten
        drift.Add(1, _now += Step);
        Assert.False(drift.IsDrifting);
    }

    [Fact]
    public void A_score_costs_no_memory_and_any_number_is_taken()
    {
        var drift = new ScoreDrift(0.25, new long[ScoreDrift.Steps], _now);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 5000; i++) drift.Add(i % 4 == 0 ? float.NaN : i % 4 == 1 ? 7 : i % 4 == 2 ? -1 : 0.5f, _now += Step);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void The_first_day_is_kept_in_a_file()
    {
        using var folder = new TempFolder();
        Assert.Null(ScoreReference.Read(folder["scores"]));
        long[] counts = [.. Enumerable.Range(0, ScoreDrift.Steps).Select(i => (long)i * 1_000_000_000_000)];
        ScoreReference.Write(folder["scores"], counts);
        Assert.Equal(counts, ScoreReference.Read(folder["scores"]));
        foreach (string damaged in new[] { "", "1\n2\n", string.Join('\n', Enumerable.Repeat("-1", 20)), new string('9', 5000), "\u0000" })
        {
            File.WriteAllText(folder["scores"], damaged);
            Assert.Null(ScoreReference.Read(folder["scores"]));
        }
    }

    private int Day(ScoreDrift drift, Func<int, float> score)
    {
        int ended = 0;
        for (int minute = 0; minute < 24 * 60; minute++)
        {
            if (drift.Add(score(minute / 60), _now)) ended++;
            _now += Step;
        }

        if (drift.Add(score(23), _now)) ended++;
        return ended;
    }
}
