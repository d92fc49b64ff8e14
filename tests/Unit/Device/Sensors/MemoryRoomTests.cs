using ResNetEdge.Device.Sensors;
using ResNetEdge.Tests.Data;

namespace ResNetEdge.Tests.Unit.Device.Sensors;

public sealed class MemoryRoomTests : IDisposable
{
    private const int Mebi = 1 << 20;
    private readonly TempFolder _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void Where_nothing_is_told_nothing_is_known() => Assert.Null(new MemoryRoom(_root.Path).Left());

    [Fact]
    public void The_machine_counts_its_swap()
    {
        _root.Write("proc/meminfo", "MemTotal: 9 kB\nMemAvailable:    1024 kB\nSwapFree: 2048 kB\n"u8);
        Assert.Equal((3 * Mebi, "on the machine"), new MemoryRoom(_root.Path).Left());
    }

    [Theory]
    [InlineData("system.slice/edge.service")]
    [InlineData("system.slice")] // a limit around the unit's own
    [InlineData("")] // as a container sees it
    public void The_least_of_the_groups_around_the_process_is_left(string limited)
    {
        _root.Write("proc/meminfo", "MemAvailable: 1048576 kB\n"u8);
        _root.Write("proc/self/cgroup", "0::/system.slice/edge.service\n"u8);
        _root.Write("sys/fs/cgroup/system.slice/edge.service/memory.max", "max\n"u8);
        _root.Write($"sys/fs/cgroup/{limited}/memory.max", "201326592\n"u8); // 192 MiB
        _root.Write($"sys/fs/cgroup/{limited}/memory.current", "104857600\n"u8); // 100 MiB
        _root.Write($"sys/fs/cgroup/{limited}/memory.stat", "anon 1\nfile 20971520\nshmem 1048576\n"u8); // 20 of them cache, 1 of that shared
        Assert.Equal((111 * Mebi, "within the memory limit of its control group"), new MemoryRoom(_root.Path).Left());
    }

    [Fact]
    public void The_first_version_of_control_groups_is_read_too()
    {
        _root.Write("proc/self/cgroup", "12:cpu,cpuacct:/a\n7:memory:/edge\n"u8);
        _root.Write("sys/fs/cgroup/memory/edge/memory.limit_in_bytes", "104857600\n"u8);
        _root.Write("sys/fs/cgroup/memory/edge/memory.usage_in_bytes", "209715200\n"u8);
        Assert.Equal((0, "within the memory limit of its control group"), new MemoryRoom(_root.Path).Left());
    }
}
