using ResNetEdge.Service.Model;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Model;

/// <summary>A file that somebody is still writing is left alone until two looks in a row see the same.</summary>
public class SettledChangeTests
{
    private static readonly PackageStamp Old = new("model", 10, 1), Half = new("model", 11, 2), New = new("model", 12, 3);
    private static readonly PackageStamp Missing = new("model", -1, 0);

    [Fact]
    public void A_change_counts_when_two_looks_see_the_same()
    {
        var change = new SettledChange(Old);
        Assert.Equal([false, false, false, false, true], new[] { Old, Half, New, Half, Half }.Select(change.IsAt));
    }

    [Fact]
    public void A_change_that_was_taken_is_not_seen_again()
    {
        var change = new SettledChange(Old);
        change.IsAt(New);
        Assert.True(change.IsAt(New));
        change.Take(New);
        Assert.Equal([false, false, false], new[] { New, New, New }.Select(change.IsAt));
        Assert.Equal([false, true], new[] { Old, Old }.Select(change.IsAt)); // the way back is a change too
    }

    [Fact]
    public void A_file_that_is_missing_is_no_change_and_begins_the_looks_again()
    {
        var change = new SettledChange(Old);
        Assert.Equal([false, false, false, false, true], new[] { Missing, New, Missing, New, New }.Select(change.IsAt));
    }

    [Fact]
    public void What_is_to_be_tried_again_is_a_change()
    {
        var change = new SettledChange(Old) { Known = PackageStamp.None };
        Assert.Equal([false, true], new[] { Old, Old }.Select(change.IsAt));
    }

    [Fact]
    public void A_trial_ends_with_its_last_frame_and_only_then()
    {
        using var trial = new ModelTrial(null);
        Assert.Equal(ModelTrial.Frames - 1, Enumerable.Range(0, ModelTrial.Frames).TakeWhile(_ => !trial.CountFrame()).Count());
        Assert.Null(trial.Before);
    }
}
