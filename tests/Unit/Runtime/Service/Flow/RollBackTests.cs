using ResNetEdge.Benchmarks.Models;
using ResNetEdge.Device.Cameras;
using ResNetEdge.Service.Model;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Flow;

/// <summary>
/// A new model that fails on a frame gives way to the one before, whatever the configuration says by then: rules that the one before cannot decide
/// are off, and the service says so.
/// </summary>
public class RollBackTests
{
    private const string WithDusk = RunningService.Rules + "\n  - name: evening\n    label: dusk\n    threshold: 0.5";
    private const string OfTheOther = "rules:\n  - name: lit\n    label: light\n    threshold: 0.8";

    /// <summary>A frame of a format that no model here can be given.</summary>
    private static FakeStep Fatal => new(FakeStepKind.Frame, 255, Format: FourCc.Of("WXYZ"));

    [Fact]
    public void A_model_that_fails_on_a_frame_is_rolled_back_and_rules_stay_as_they_are()
    {
        using var running = new RunningService();
        running.Run(FakeStep.Dark);
        BrightOrDark.Write(running.Folder["model"], version: 6, gain: 30);
        running.LetItNotice();
        Assert.Equal("6", running.Snapshot.Model.Version);
        running.Run(FakeStep.Bright, FakeStep.Bright, Fatal);
        Assert.Equal(("5", 1L, true), (running.Snapshot.Model.Version, running.Snapshot.ModelUpdatesRefused, running.Snapshot.Rules[0].IsOn));
        Assert.Contains("failed on a frame and was rolled back", running.Snapshot.Trouble, StringComparison.Ordinal);
        Assert.DoesNotContain("rules are off", running.Snapshot.Trouble, StringComparison.Ordinal);
        running.Run(FakeStep.Bright);
        Assert.True(running.Snapshot.IsHealthy);
    }

    [Fact]
    public void A_model_that_fails_gives_way_to_the_last_good_one_even_if_another_was_on_trial_in_between()
    {
        using var running = new RunningService();
        running.Run(FakeStep.Dark, ModelTrial.Frames);
        running.Service.WaitForWork();
        BrightOrDark.Write(running.Folder["model"], version: 6);
        running.LetItNotice();
        BrightOrDark.Write(running.Folder["model"], version: 7);
        running.LetItNotice();
        Assert.Equal("7", running.Snapshot.Model.Version);
        running.Run(Fatal);
        Assert.Equal("5", running.Snapshot.Model.Version);
        running.Run(FakeStep.Bright);
        Assert.True(running.Snapshot.IsHealthy);
    }

    [Fact]
    public void A_rule_added_during_the_trial_that_only_the_new_model_can_decide_is_off_after_the_roll_back()
    {
        using var running = new RunningService();
        running.Run(FakeStep.Dark);
        BrightOrDark.Write(running.Folder["model"], version: 6, labels: ["bright", "dusk"]);
        running.LetItNotice();
        running.Configure(WithDusk);
        running.LetItNotice();
        Assert.Equal([("lit", false), ("evening", true)], running.Snapshot.Rules.Select(r => (r.Name, r.IsOn)));
        running.Run(Fatal);
        Assert.Equal("5", running.Snapshot.Model.Version);
        Assert.Contains("rule off rule=evening", running.LogText, StringComparison.Ordinal);
        Assert.Contains("rules are off: rule 'evening' watches 'dusk', which is not a label", running.Snapshot.Trouble, StringComparison.Ordinal);
        running.Run(FakeStep.Bright, FakeStep.Bright);
        Assert.Equal([("lit", true)], running.Snapshot.Rules.Select(r => (r.Name, r.IsOn)));

        BrightOrDark.Write(running.Folder["model"], version: 7, labels: ["bright", "dusk"]); // mended
        running.LetItNotice();
        Assert.Equal(("7", null), (running.Snapshot.Model.Version, running.Snapshot.Trouble));
        Assert.Equal(["lit", "evening"], running.Snapshot.Rules.Select(r => r.Name));
    }

    [Fact]
    public void A_reload_that_brought_both_model_and_rules_is_rolled_back_too()
    {
        using var running = new RunningService();
        running.Run(FakeStep.Dark);
        BrightOrDark.Write(running.Folder["other"], version: 6, labels: ["light", "dusk"]);
        running.Configure(OfTheOther, model: "other");
        running.LetItNotice();
        Assert.Equal("6", running.Snapshot.Model.Version);
        running.Run(Fatal, FakeStep.Bright);
        Assert.Equal(("5", "running"), (running.Snapshot.Model.Version, running.Snapshot.State));
        Assert.Empty(running.Snapshot.Rules);
        Assert.Contains("rule 'lit' watches 'light'", running.Snapshot.Trouble, StringComparison.Ordinal);

        running.Configure(RunningService.Rules); // as before
        running.LetItNotice();
        Assert.Null(running.Snapshot.Trouble);
        Assert.Equal("lit", Assert.Single(running.Snapshot.Rules).Name);
    }

    [Fact]
    public void The_copy_of_the_last_good_model_starts_without_the_rules_that_only_the_bad_one_can_decide()
    {
        using var running = new RunningService();
        running.Run(FakeStep.Dark, 31);
        running.Service.WaitForWork();
        running.Kill();
        BrightOrDark.Write(running.Folder["model"], version: 6, labels: ["light", "dusk"]);
        running.Configure(OfTheOther);
        for (int i = 0; i < LastGoodModel.MostTrials; i++)
        {
            running.Start();
            running.Service.WaitForWork(); // the configuration is kept, and its model ends the process
            Assert.Equal("6", running.Snapshot.Model.Version);
            running.Kill();
        }

        running.Start();
        running.Run(FakeStep.Bright);
        Assert.Equal(("5", "running"), (running.Snapshot.Model.Version, running.Snapshot.State));
        Assert.Empty(running.Snapshot.Rules);
        Assert.Contains("was begun 2 times", running.Snapshot.Trouble, StringComparison.Ordinal);
        Assert.Contains("rules are off: rule 'lit' watches 'light'", running.Snapshot.Trouble, StringComparison.Ordinal);
    }
}
