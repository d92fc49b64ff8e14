using ResNetEdge.Service.Systemd;
using ResNetEdge.Tests.Data;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Systemd;

/// <summary>What the service manager hears, on a real socket.</summary>
public class NotifierTests
{
    [Fact]
    public void Each_message_is_as_sd_notify_says()
    {
        using var manager = new FakeManager();
        using var notifier = new Notifier(manager.Path, null, new FakeTime());
        notifier.Ready("running");
        notifier.Status("running"); // the same again is not sent
        notifier.Status("two\nlines");
        notifier.Reloading();
        notifier.Stopping("bye");
        Assert.Equal(
            ["READY=1\nSTATUS=running", "STATUS=two lines", "RELOADING=1\nMONOTONIC_USEC=3600000000", "STOPPING=1\nSTATUS=bye"], manager.Received());
    }

    [Fact]
    public void The_watchdog_is_fed_four_times_as_often_as_needed_and_not_more()
    {
        using var manager = new FakeManager();
        var time = new FakeTime();
        using var notifier = new Notifier(manager.Path, TimeSpan.FromSeconds(4), time);
        for (int i = 0; i < 100; i++)
        {
            notifier.Feed();
            time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.Equal(Enumerable.Repeat("WATCHDOG=1", 10), manager.Received());
    }

    [Fact]
    public void Without_a_manager_nothing_happens()
    {
        using var notifier = new Notifier(null, TimeSpan.FromSeconds(1), new FakeTime());
        notifier.Ready("running");
        notifier.Feed();
        Assert.False(notifier.IsListening);
    }

    [Fact]
    public void A_manager_that_went_away_does_not_end_the_service_and_hears_again_when_it_is_back()
    {
        using var folder = new TempFolder();
        var time = new FakeTime();
        using var notifier = new Notifier(folder["notify"], TimeSpan.FromSeconds(4), time);
        notifier.Feed();
        notifier.Status("running");
        using var manager = new FakeManager(folder["notify"]);
        notifier.Feed(); // not in a second's time: the last one was lost
        notifier.Status("running");
        Assert.Equal(["WATCHDOG=1", "STATUS=running"], manager.Received());
    }
}
