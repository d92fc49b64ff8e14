using ResNetEdge.Benchmarks.Models;
using ResNetEdge.Service.Model;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Flow;

/// <summary>Configuration and model while the service runs: the new one is taken over whole, or the old one goes on.</summary>
public class ServiceChangesTests
{
    [Fact]
    public void A_new_configuration_is_taken_over_and_rules_that_did_not_change_stay_on()
    {
        using var running = new RunningService();
        running.Run(FakeStep.Bright, FakeStep.Bright);
        running.Configure(RunningService.Rules + "\n  - name: unlit\n    label: dark\n    threshold: 0.5");
        running.Service.Reload();
        running.Time.Advance(TimeSpan.FromSeconds(1.1));
        running.Run(FakeStep.Bright);
        running.Service.WaitForWork();
        running.Run(FakeStep.Bright);
        Assert.Equal(1, running.Snapshot.Reloads);
        Assert.Equal([("lit", true, 1L), ("unlit", false, 0L)], running.Snapshot.Rules.Select(r => (r.Name, r.IsOn, r.TurnedOn)));
    }

    [Fact]
    public void A_file_that_changed_is_noticed_without_being_told()
    {
        using var running = new RunningService();
        running.Run(FakeStep.Dark);
        running.Configure("");
        running.LetItNotice();
        Assert.Equal(1, running.Snapshot.Reloads);
        Assert.Empty(running.Snapshot.Rules);
    }

    [Theory]
    [InlineData("rules:\n  - name: lit\n    label: brihgt\n    threshold: 0.8", "rule 'lit' watches 'brihgt'")]
    [InlineData("rules:\n  - name: lit\n    label: bright\n    threshold: 8", ":9: 'rules[0].threshold' must be a number from 0 to 1, not '8'")]
    [InlineData("budgets:\n  latency_ms: 5", ":6: unknown setting 'budgets'; did you mean 'budget'?")]
    [InlineData("watch:\n  listen: 127.0.0.1:8080", "built without the live page")]
    [InlineData("a: [", "is not YAML")]
    public void A_bad_configuration_is_refused_with_its_line_and_the_old_one_goes_on(string bad, string says)
    {
        using var running = new RunningService();
        running.Run(FakeStep.Bright, FakeStep.Bright);
        running.Configure(bad);
        running.LetItNotice();
        Assert.Equal((0L, 1L), (running.Snapshot.Reloads, running.Snapshot.ReloadsRefused));
        Assert.Contains(says, running.LogText, StringComparison.Ordinal);
        Assert.Equal("lit", Assert.Single(running.Snapshot.Rules).Name);
        running.Configure(RunningService.Rules); // mended
        running.LetItNotice();
        Assert.Equal((1L, 1L), (running.Snapshot.Reloads, running.Snapshot.ReloadsRefused));
    }

    [Fact]
    public void Another_camera_in_the_configuration_is_opened_in_place_of_the_old()
    {
        using var running = new RunningService();
        running.Run(FakeStep.Dark);
        File.WriteAllText(
            running.ConfigurationPath,
            File.ReadAllText(running.ConfigurationPath).Replace("device: fake", "device: other", StringComparison.Ordinal));
        running.LetItNotice();
        running.Run(FakeStep.Dark);
        Assert.Equal(("other", 2), (running.LastRequest!.Device.Whole, running.Opened));
    }

    [Fact]
    public void A_new_model_is_verified_and_taken_over_between_two_frames()
    {
        using var running = new RunningService();
        running.Run(FakeStep.Bright, FakeStep.Bright);
        BrightOrDark.Write(running.Folder["model"], version: 6, gain: 30);
        running.LetItNotice();
        Assert.Equal((1L, 0L, "6"), (running.Snapshot.ModelUpdates, running.Snapshot.ModelUpdatesRefused, running.Snapshot.Model.Version));
        Assert.Equal(5, running.Snapshot.Frames); // not one was lost
    }

    [Fact]
    public void A_bad_model_is_refused_and_the_old_one_goes_on()
    {
        using var running = new RunningService();
        running.Run(FakeStep.Dark);
        BrightOrDark.Write(running.Folder["model"], version: 6, breaks: true);
        running.LetItNotice();
        Assert.Equal((0L, 1L, "5"), (running.Snapshot.ModelUpdates, running.Snapshot.ModelUpdatesRefused, running.Snapshot.Model.Version));
        Assert.Contains("golden vector 0 is not reproduced (largest difference", running.Snapshot.Trouble, StringComparison.Ordinal);
        running.LetItNotice();
        Assert.Equal(1, running.Snapshot.ModelUpdatesRefused); // not tried again until it changes
        File.AppendAllText(running.Folder["model/model.onnx"], "x");
        File.SetLastWriteTimeUtc(running.Folder["model/manifest.json"], DateTime.UtcNow.AddMinutes(1));
        running.LetItNotice();
        Assert.Equal(2, running.Snapshot.ModelUpdatesRefused);
        Assert.Equal("running", running.Snapshot.State);
    }

    [Fact]
    public void A_model_without_the_labels_of_the_rules_is_refused()
    {
        using var running = new RunningService();
        running.Run(FakeStep.Dark);
        BrightOrDark.Write(running.Folder["model"], version: 6, labels: ["light", "dark"]);
        running.LetItNotice();
        Assert.Equal(1, running.Snapshot.ModelUpdatesRefused);
        Assert.Contains("watches 'bright'", running.LogText, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lower_version_is_refused_unless_the_configuration_allows_it()
    {
        using var running = new RunningService();
        running.Run(FakeStep.Dark, 31); // found good: version 5 ran
        running.Service.WaitForWork();
        BrightOrDark.Write(running.Folder["model"], version: 4, gain: 30);
        running.LetItNotice();
        Assert.Equal((0L, "5"), (running.Snapshot.ModelUpdates, running.Snapshot.Model.Version));
        running.Configure(RunningService.Rules, modelMore: "  allow_downgrade: true\n");
        running.LetItNotice();
        Assert.Equal((1L, "4"), (running.Snapshot.ModelUpdates, running.Snapshot.Model.Version));
    }

    [Fact]
    public void With_a_half_copied_model_the_service_starts_on_the_last_good_one()
    {
        using var running = new RunningService();
        running.Run(FakeStep.Dark, 31);
        running.Service.WaitForWork();
        running.Kill();
        File.Delete(running.Folder["model/model.onnx"]); // a power cut in the middle of a copy
        running.Start();
        running.Run(FakeStep.Bright);
        Assert.Contains("is missing", running.Snapshot.Trouble, StringComparison.Ordinal);
        Assert.Contains("last-good", running.Snapshot.Model.Path, StringComparison.Ordinal);
        BrightOrDark.Write(running.Folder["model"], version: 6);
        running.LetItNotice();
        Assert.Equal(("6", null), (running.Snapshot.Model.Version, running.Snapshot.Trouble));
    }

    [Fact]
    public void Without_a_last_good_one_a_missing_model_is_refused()
    {
        using var running = new RunningService();
        Directory.Delete(running.Folder["model"], recursive: true);
        Assert.Equal(FailureKind.BadInput, Assert.Throws<EdgeException>(running.Start).Kind);
    }

    [Fact]
    public void A_model_that_takes_the_process_down_is_not_begun_for_ever()
    {
        using var running = new RunningService();
        running.Run(FakeStep.Dark, 31);
        running.Service.WaitForWork();
        running.Kill();
        BrightOrDark.Write(running.Folder["model"], version: 6, gain: 30);
        for (int i = 0; i < LastGoodModel.MostTrials; i++)
        {
            running.Start();
            running.Run(FakeStep.Dark);
            Assert.Equal("6", running.Snapshot.Model.Version);
            running.Kill();
        }

        running.Start();
        running.Run(FakeStep.Dark);
        Assert.Equal("5", running.Snapshot.Model.Version);
        Assert.Contains("was begun 2 times", running.Snapshot.Trouble, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_in_the_configuration_refuses_unsigned_packages()
    {
        using var running = new RunningService();
        using var key = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        running.Folder.Write("model.pub", System.Text.Encoding.ASCII.GetBytes(key.ExportSubjectPublicKeyInfoPem()));
        running.Configure(RunningService.Rules, modelMore: $"  key: {running.Folder["model.pub"]}\n");
        Assert.Equal(FailureKind.Refused, Assert.Throws<EdgeException>(running.Start).Kind);
    }
}
