using ResNetEdge.Backends.Cpu.Threading;
using ResNetEdge.Tests.Unit.Device.Cpu;

namespace ResNetEdge.Tests.Unit.Runtime.Engines.Threading;

/// <summary>Which cores share an inference on boards whose cores are not all alike.</summary>
public class ClusterTests
{
    [Fact]
    public void Where_nobody_says_the_cores_of_the_fastest_cluster_share_an_inference()
    {
        Assert.Equal([0, 1, 2, 3], Chosen(Boards.RaspberryPi4));
        Assert.Equal([0, 1, 2, 3], Chosen(Boards.RaspberryPi5));
        Assert.Equal([0, 1, 2, 3], Chosen(Boards.OrinNano));
        Assert.Equal([0, 1, 2, 3], Chosen(Boards.OrinNx));
        Assert.Equal([0, 1, 2, 3], Chosen(Boards.AgxOrin));
        Assert.Equal([4, 5, 6, 7], Chosen(Boards.Rk3588));
        Assert.Equal([0, 1, 2, 3], Chosen(Boards.Desktop));
        static IEnumerable<int> Chosen(Board board) => FastestCluster.Of(board.Read()).Select(c => c.Index);
    }

    [Fact]
    public void A_process_kept_on_the_second_cluster_or_on_second_hardware_threads_uses_those()
    {
        Assert.Equal([4, 5, 6], FastestCluster.Of([.. Boards.AgxOrin.Read().Where(c => c.Index is 3 or 4 or 5 or 6)]).Select(c => c.Index));
        Assert.Equal([5, 6], FastestCluster.Of([.. Boards.Desktop.Read().Where(c => c.Index is 5 or 6)]).Select(c => c.Index));
    }

    [Fact]
    public void A_large_machine_lends_a_bounded_number() =>
        Assert.Equal(
            FastestCluster.Most, FastestCluster.Of([.. Enumerable.Range(0, 64).Select(i => new ResNetEdge.Device.Cpu.CpuCore(i, 1024, 0))]).Count);

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(11)]
    public void Helpers_come_from_the_callers_cluster_first(int cpu)
    {
        var rented = Rent(Boards.AgxOrin, cpu, helpers: 5);
        Assert.Equal(cpu, rented[0]);
        Assert.Equal(cpu / 4 * 4 * 4 + 6, rented.Take(4).Sum());
        Assert.All(rented.Skip(4), core => Assert.NotEqual(cpu / 4, core / 4));
        Assert.Equal(6, rented.Distinct().Count());
    }

    [Fact]
    public void A_caller_on_a_small_core_moves_to_a_large_one_and_small_ones_help_last()
    {
        Assert.Equal([4, 5, 6, 7, 0, 1], Rent(Boards.Rk3588, cpu: 2, helpers: 5));
        Assert.Equal([6, 4, 5, 7], Rent(Boards.Rk3588, cpu: 6, helpers: 3));
    }

    [Fact]
    public void A_caller_on_a_second_hardware_thread_does_not_share_its_core_with_a_helper() =>
        Assert.Equal([0, 1, 2, 3], Rent(Boards.Desktop, cpu: 6, helpers: 3));

    // The caller's core, then those of the helpers.
    private static List<int> Rent(Board board, int cpu, int helpers)
    {
        var pool = new WorkerPool(board.Read());
        pool.Prepare();
        var rented = new Worker?[helpers];
        Assert.Equal(helpers, pool.Rent(cpu, out var caller, rented));
        pool.Return(caller, rented);
        return [caller!.Index, .. rented.Select(w => w!.Core.Index)];
    }
}
