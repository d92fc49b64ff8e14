using ResNetEdge.Metrics;

namespace ResNetEdge.Tests.Unit.Runtime.Metrics;

public class ProcessMetricsTests
{
    [Fact]
    public void Peak_rss_reads_kibibytes_of_the_right_line()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "Name:\tx\nVmPeak:\t   9999 kB\nVmHWM:\t    2560 kB\n");
            Assert.Equal(2.5, PeakRss.Parse(path, "VmHWM:"));
            File.WriteAllText(path, "Name:\tx\n");
            Assert.Null(PeakRss.Parse(path, "VmHWM:"));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_system_that_does_not_say_gives_null() => Assert.Null(PeakRss.Parse("/nowhere/status", "VmHWM:"));

    [Fact]
    public void The_start_is_field_22_whatever_the_program_is_called()
    {
        string fields = string.Join(' ', Enumerable.Range(3, 50));
        Assert.Equal(22, ProcessAge.StartTicks($"1 (sh) {fields}"));
        Assert.Equal(22, ProcessAge.StartTicks($"1 (a) b (c 9 9) {fields}"));
        Assert.Null(ProcessAge.StartTicks("1 (sh) S 1 2"));
    }

    [Fact]
    public void Allocations_are_counted_to_the_byte()
    {
        Assert.True(AllocatedBytes.PerRun(() => GC.KeepAlive(new byte[1000]), 3) >= 1000);
    }

    [Fact]
    public void Accuracy_counts_right_and_agreeing_apart()
    {
        var accuracy = new Accuracy();
        accuracy.Add([1, 0], [1, 0], label: 0);
        accuracy.Add([0, 1], [1, 0], label: 1);
        accuracy.Add([0, 1], [0, 1], label: 0);
        accuracy.Add([1, 0], [0, 1], label: 1);
        Assert.Equal((4, 2, 2, 2), (accuracy.Images, accuracy.Right, accuracy.ReferenceRight, accuracy.Agreeing));
        Assert.Equal((0.5, 0.5, 0.5), (accuracy.Top1, accuracy.ReferenceTop1, accuracy.Agreement));
    }
}
