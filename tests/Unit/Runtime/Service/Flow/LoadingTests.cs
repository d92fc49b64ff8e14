using ResNetEdge.Benchmarks.Models;
using ResNetEdge.Service.Flow;
using ResNetEdge.Tests.Data;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Flow;

/// <summary>No package, however bad, ends the service or keeps it from starting again: it is refused, and the last good one runs.</summary>
public class LoadingTests
{
    public static TheoryData<Exception> Defects =>
    [
        new InvalidCastException("a cast"), new KeyNotFoundException("an index"), new InsufficientMemoryException("memory"),
        new NotSupportedException("a kind"),
    ];

    [Theory]
    [MemberData(nameof(Defects))]
    public void A_defect_in_a_loader_is_a_refusal(Exception defect)
    {
        using var running = new RunningService();
        running.Run(FakeStep.Dark);
        BrightOrDark.Write(running.Folder["model"], version: 6);
        running.Loading = (_, _, _) => throw defect;
        running.LetItNotice();
        Assert.Equal(("running", 1L, "5"), (running.Snapshot.State, running.Snapshot.ModelUpdatesRefused, running.Snapshot.Model.Version));
        if (defect is OutOfMemoryException) Assert.Contains("memory ran out", running.Snapshot.Trouble, StringComparison.Ordinal);
        else
            Assert.Contains(
                "a defect in this program, which keeps running; please report it while=\"loading the model\" "
                    + $"defect=\"{defect.GetType().FullName}: {defect.Message}", running.LogText, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Defects))]
    public void A_defect_at_the_start_is_passed_over_for_the_last_good_package(Exception defect)
    {
        using var running = new RunningService();
        Keep(running);
        BrightOrDark.Write(running.Folder["model"], version: 6);
        running.Loading = (loader, settings, path) => path.EndsWith("/model", StringComparison.Ordinal) ? throw defect : loader.Load(settings, path);
        running.Start();
        running.Run(FakeStep.Bright);
        Assert.Equal(("running", "5"), (running.Snapshot.State, running.Snapshot.Model.Version));
    }

    [Fact]
    public void A_defect_at_the_very_first_start_is_said_and_not_thrown_on()
    {
        using var running = new RunningService { Loading = (_, _, _) => throw new InvalidCastException("a cast") };
        var e = Assert.Throws<EdgeException>(running.Start);
        Assert.Equal((FailureKind.Defect, "loading the model failed because of a defect in this program "
            + "(InvalidCastException: a cast); the log has the details"), (e.Kind, e.Message));
    }

    [Fact]
    public void The_trial_is_noted_before_anything_is_read_and_given_up_after_two()
    {
        using var running = new RunningService();
        Keep(running);
        BrightOrDark.Write(running.Folder["model"], version: 6);
        string note = running.Folder["state/trial"], noted = "";
        int begun = 0;
        running.Loading = (loader, settings, path) =>
        {
            if (!path.EndsWith("/model", StringComparison.Ordinal)) return loader.Load(settings, path);
            begun++;
            noted = File.ReadAllText(note);
            throw EdgeException.BadInput("the process was killed here");
        };
        for (int start = 1; start <= 3; start++)
        {
            running.Start();
            running.Kill();
            File.WriteAllText(note, noted); // as a killed process leaves it
        }

        Assert.Equal(2, begun);
        running.Start();
        Assert.Contains("was begun 2 times", running.Snapshot.Trouble, StringComparison.Ordinal);
        running.Kill();
        File.SetLastWriteTimeUtc(running.Folder["model/manifest.json"], DateTime.UtcNow.AddMinutes(1)); // touched
        running.Loading = null;
        running.Start();
        Assert.Equal("6", running.Snapshot.Model.Version);
    }

    [Fact]
    public void A_refusal_and_a_stop_by_hand_leave_no_trial()
    {
        using var running = new RunningService();
        Keep(running);
        BrightOrDark.Write(running.Folder["model"], version: 6, breaks: true);
        running.Start();
        Assert.False(File.Exists(running.Folder["state/trial"]));
        running.Kill();
        BrightOrDark.Write(running.Folder["model"], version: 7);
        running.Start();
        Assert.True(File.Exists(running.Folder["state/trial"]));
        running.Steps.Enqueue(FakeStep.End);
        running.Service.Run();
        Assert.False(File.Exists(running.Folder["state/trial"]));
    }

    [Fact]
    public void After_a_power_cut_a_package_without_a_rules_label_is_passed_over_for_the_last_good_one()
    {
        using var running = new RunningService();
        Keep(running);
        BrightOrDark.Write(running.Folder["model"], version: 6, labels: ["light", "dark"]);
        running.Start();
        running.Run(FakeStep.Bright, FakeStep.Bright);
        Assert.True(running.Snapshot.Rules[0].IsOn);
        Assert.Equal("5", running.Snapshot.Model.Version);
        Assert.Contains("watches 'bright'", running.Snapshot.Trouble, StringComparison.Ordinal);
    }

    [Fact]
    public void Special_files_in_place_of_a_packages_files_are_refused()
    {
        using var running = new RunningService();
        running.Run(FakeStep.Dark);
        foreach (string name in new[] { "model.onnx", "labels.txt", "manifest.json" })
        {
            BrightOrDark.Write(running.Folder["model"], version: 6);
            File.Delete(running.Folder[$"model/{name}"]);
            SpecialFile.Pipe(running.Folder[$"model/{name}"]);
            if (name != "manifest.json") File.SetLastWriteTimeUtc(running.Folder["model/manifest.json"], DateTime.UtcNow.AddMinutes(1));
            running.LetItNotice();
            Directory.Delete(running.Folder["model"], recursive: true);
        }

        Assert.Equal(("running", 3L, "5"), (running.Snapshot.State, running.Snapshot.ModelUpdatesRefused, running.Snapshot.Model.Version));
        Assert.Contains("a named pipe", running.LogText, StringComparison.Ordinal);
    }

    [Fact]
    public void A_package_that_cannot_fit_is_refused_before_it_is_loaded()
    {
        using var running = new RunningService();
        running.Folder.Write("root/proc/meminfo", "MemTotal: 1000 kB\nMemAvailable:  0 kB\n"u8);
        var e = Assert.Throws<EdgeException>(running.Start);
        Assert.Equal(FailureKind.Unavailable, e.Kind);
        Assert.Contains("needs at least 1 MiB of memory, but only 0 MiB are left on the machine", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_place_that_does_not_answer_is_given_up_by_time_and_the_service_goes_on()
    {
        using var running = new RunningService();
        using ManualResetEventSlim hangs = new(), goesOn = new();
        running.Run(FakeStep.Dark);
        BrightOrDark.Write(running.Folder["model"], version: 6);
        running.Loading = (loader, settings, path) =>
        {
            hangs.Set();
            goesOn.Wait();
            return loader.Load(settings, path);
        };
        Until(running, () => hangs.IsSet);
        Assert.Equal(0, running.Snapshot.ModelUpdatesRefused);
        running.Time.Advance(BackgroundWork.Patience);
        running.Service.Step();
        Assert.Equal(1, running.Snapshot.ModelUpdatesRefused);
        Assert.Contains(
            "loading the model was given up after 300 s: a file system or device does not answer", running.LogText, StringComparison.Ordinal);
        Assert.Contains("left_behind=1", running.LogText, StringComparison.Ordinal);
        running.Loading = null;
        Until(running, () => running.Snapshot.ModelUpdates == 1); // by another thread
        Assert.Equal("6", running.Snapshot.Model.Version);
        goesOn.Set();
    }

    [Fact]
    public void A_place_that_does_not_answer_at_the_start_is_passed_over_for_the_last_good_package()
    {
        using var running = new RunningService { StartPatience = TimeSpan.FromMilliseconds(50) };
        using var goesOn = new ManualResetEventSlim();
        Keep(running);
        BrightOrDark.Write(running.Folder["model"], version: 6);
        running.Loading = (loader, settings, path) =>
        {
            if (path.EndsWith("/model", StringComparison.Ordinal)) goesOn.Wait();
            return loader.Load(settings, path);
        };
        running.Start();
        running.Run(FakeStep.Bright);
        Assert.Equal(("running", "5"), (running.Snapshot.State, running.Snapshot.Model.Version));
        Assert.Contains("does not answer", running.Snapshot.Trouble, StringComparison.Ordinal);
        goesOn.Set();
        Until(running, () => running.Snapshot.Model.Version == "6"); // it answers again
    }

    /// <summary>Runs version 5 until it is found good, and ends without a word.</summary>
    private static void Keep(RunningService running)
    {
        running.Run(FakeStep.Dark, 31);
        running.Service.WaitForWork();
        running.Kill();
    }

    private static void Until(RunningService running, Func<bool> condition) => Assert.True(SpinWait.SpinUntil(
        () =>
        {
            running.Time.Advance(TimeSpan.FromSeconds(0.6));
            running.Steps.Enqueue(FakeStep.Dark);
            running.Service.Step();
            return condition();
        },
        TimeSpan.FromSeconds(30)));
}
