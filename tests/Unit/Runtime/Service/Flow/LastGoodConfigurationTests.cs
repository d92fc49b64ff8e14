using ResNetEdge.Service;
using ResNetEdge.Service.Configuration;
using ResNetEdge.Service.Yaml;
using ResNetEdge.Tests.Data;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Flow;

/// <summary>A file that became bad while the service ran must not keep it from starting after a power cut.</summary>
public class LastGoodConfigurationTests
{
    private const string Bad = "rules:\n  - name: lit\n    label: brihgt\n    threshold: 0.8"; // good YAML, but no such label

    [Fact]
    public void After_a_bad_change_the_service_starts_with_the_last_one_that_it_took_over()
    {
        using var running = new RunningService { StateFolder = true };
        running.Run(FakeStep.Bright);
        running.Service.WaitForWork();
        running.Configure(Bad);
        running.LetItNotice();
        Assert.Equal(1, running.Snapshot.ReloadsRefused);
        running.Kill();

        running.Start();
        running.Run(FakeStep.Bright, FakeStep.Bright);
        Assert.Equal("lit", Assert.Single(running.Snapshot.Rules).Name);
        Assert.Contains("'brihgt'", running.Snapshot.Trouble, StringComparison.Ordinal);
        Assert.Contains("running the last valid one", running.LogText, StringComparison.Ordinal);

        running.Configure(RunningService.Rules + "\n  - name: unlit\n    label: dark\n    threshold: 0.5"); // mended
        running.LetItNotice();
        Assert.Equal(2, running.Snapshot.Rules.Count);
        Assert.Null(running.Snapshot.Trouble);
    }

    [Theory]
    [InlineData("rules:\n  - name: lit\n    label: brihgt\n    threshold: 0.8")] // no such label
    [InlineData("rules: [")] // torn in the middle
    [InlineData(null)] // emptied, as a power cut leaves a file that was being written
    public void Without_a_service_manager_the_copy_lies_where_the_configuration_says(string? bad)
    {
        using var running = new RunningService();
        running.Run(FakeStep.Bright);
        running.Service.WaitForWork();
        running.Kill();
        if (bad is null) File.WriteAllText(running.ConfigurationPath, "");
        else running.Configure(bad);

        running.Start();
        running.Run(FakeStep.Bright, FakeStep.Bright);
        Assert.Equal("lit", Assert.Single(running.Snapshot.Rules).Name);
        Assert.Contains("running the last valid one", running.LogText, StringComparison.Ordinal);
        Assert.All(Directory.EnumerateFiles(
            running.Folder.Path, "*last-good*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }),
            copy => Assert.True(!OperatingSystem.IsLinux() || File.GetUnixFileMode(copy) == (UnixFileMode.UserRead | UnixFileMode.UserWrite), copy));
    }

    [Fact]
    public void A_bad_file_at_the_first_start_is_refused()
    {
        using var running = new RunningService { StateFolder = true };
        running.Configure(Bad);
        Assert.Equal(FailureKind.BadInput, Assert.Throws<EdgeException>(running.Start).Kind);
    }

    [Fact]
    public void What_the_service_cannot_start_with_any_more_is_refused_without_a_second_try()
    {
        using var running = new RunningService { StateFolder = true };
        running.Run(FakeStep.Bright);
        running.Service.WaitForWork();
        running.Kill();
        Directory.Delete(running.Folder["model"], recursive: true);
        Assert.Throws<EdgeException>(running.Start);
        Assert.DoesNotContain("running the last one", running.LogText, StringComparison.Ordinal);
    }

    [Fact]
    public void The_copy_is_for_its_owner_alone_and_stays_when_a_new_one_cannot_be_written()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["service.yaml"], "a: 1\n");
        Directory.CreateDirectory(folder["state"]);
        var kept = new LastGoodConfiguration(folder["state"]);
        Assert.Null(kept.CopyBeside(folder["service.yaml"]));
        kept.Keep(folder["service.yaml"]);
        Assert.Null(kept.CopyBeside(folder["service.yaml"])); // the same
        File.Delete(folder["service.yaml"]);
        string copy = kept.CopyBeside(folder["service.yaml"])!;
        Assert.Equal("a: 1\n", File.ReadAllText(copy));
        if (OperatingSystem.IsLinux()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(copy));
        File.WriteAllBytes(folder["service.yaml"], new byte[YamlTree.MaxBytes + 1]); // no configuration is so long
        kept.Keep(folder["service.yaml"]);
        Assert.Equal("a: 1\n", File.ReadAllText(copy));
    }
}
