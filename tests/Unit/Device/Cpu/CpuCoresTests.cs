using ResNetEdge.Device.Cpu;
using ResNetEdge.Tests.Data;

namespace ResNetEdge.Tests.Unit.Device.Cpu;

public class CpuCoresTests
{
    [Fact]
    public void This_machine_has_at_least_one_core() => Assert.NotEmpty(CpuCores.Available);

    [Fact]
    public void Big_cores_come_first()
    {
        using var folder = new TempFolder();
        for (int i = 0; i < 8; i++) Write(folder.Path, i, "cpu_capacity", i < 4 ? "446\n" : "1024\n");
        var cores = CpuCores.Read(folder.Path, Enumerable.Range(0, 8));
        Assert.Equal([4, 5, 6, 7, 0, 1, 2, 3], cores.Select(c => c.Index));
        Assert.Equal([1024, 1024, 1024, 1024, 446, 446, 446, 446], cores.Select(c => c.Capacity));
    }

    [Theory]
    [InlineData("0,2", "1,3")]
    [InlineData("0-2", "1,3")]
    public void Second_hardware_threads_come_last(string even, string odd)
    {
        using var folder = new TempFolder();
        for (int i = 0; i < 4; i++) Write(folder.Path, i, "topology/thread_siblings_list", (i % 2 == 0 ? even : odd) + "\n");
        Assert.Equal([0, 1, 2, 3], CpuCores.Read(folder.Path, [3, 2, 1, 0]).Select(c => c.Index));
        Assert.Equal([0, 0, 1, 1], CpuCores.Read(folder.Path, [3, 2, 1, 0]).Select(c => c.Sibling));
    }

    [Fact]
    public void Boards_have_the_clusters_that_they_have()
    {
        Assert.Equal([0, 0, 0, 0], Clusters(Boards.RaspberryPi4));
        Assert.Equal([0, 0, 0, 0], Clusters(Boards.RaspberryPi5));
        Assert.Equal([0, 0, 0, 0, 4, 4], Clusters(Boards.OrinNano));
        Assert.Equal([0, 0, 0, 0, 4, 4, 4, 4], Clusters(Boards.OrinNx));
        Assert.Equal([0, 0, 0, 0, 4, 4, 4, 4, 8, 8, 8, 8], Clusters(Boards.AgxOrin));
        Assert.Equal([0, 0, 0, 0, 0, 0, 0, 0], Clusters(Boards.Desktop));
        static IEnumerable<int> Clusters(Board board) => board.Read().OrderBy(c => c.Index).Select(c => c.Cluster);
    }

    [Theory]
    [InlineData("")]
    [InlineData("many\n")]
    [InlineData("-3\n")]
    [InlineData("0\n")]
    [InlineData("99999999999999999999\n")]
    public void What_cannot_be_read_counts_as_an_ordinary_core(string text)
    {
        using var folder = new TempFolder();
        Write(folder.Path, 0, "cpu_capacity", text);
        Write(folder.Path, 0, "topology/thread_siblings_list", text);
        Write(folder.Path, 0, "cache/index3/shared_cpu_list", text);
        Write(folder.Path, 0, "topology/package_cpus_list", text);
        Assert.Equal([new CpuCore(0, 1024, 0), new CpuCore(1, 1024, 0)], CpuCores.Read(folder.Path, [0, 1]));
    }

    private static void Write(string root, int core, string name, string text)
    {
        string path = Path.Combine(root, $"cpu{core}", name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
