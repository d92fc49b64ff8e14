using ResNetEdge.Backends.Cpu;
using ResNetEdge.Backends.Cpu.Threading;
using ResNetEdge.Device.Cpu;

namespace ResNetEdge.Tests.Unit.Runtime.Engines.Threading;

public unsafe class ThreadTeamTests
{
    private const int Cores = 4, Steps = 2000;

    /// <summary>More cores than this machine may have: their threads run all the same, and hold each other up.</summary>
    private readonly WorkerPool _pool = new([.. Enumerable.Range(0, Cores).Select(i => new CpuCore(i, 1024, 0))], restsBusyCores: false);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    [InlineData(9, Cores)]
    public void Every_part_of_every_step_runs_once(int threads, int parts)
    {
        var team = new ThreadTeam(threads, _pool);
        using var kernel = new Counting();
        team.Begin();
        for (int i = 0; i < Steps; i++) team.Run(kernel, null);
        team.End();
        Assert.Equal(parts, team.Threads);
        Assert.Equal(Enumerable.Repeat(Steps, parts), kernel.Runs.Take(parts));
        Assert.Equal(parts, kernel.Parts);
    }

    [Fact]
    public void A_step_sees_what_the_step_before_wrote()
    {
        var team = new ThreadTeam(Cores, _pool);
        using var kernel = new Passing();
        // Two rows, read and written in turn: each part takes its left neighbour's number and adds one.
        long* rows = stackalloc long[2 * Cores];
        for (int round = 0; round < 50; round++)
        {
            new Span<long>(rows, 2 * Cores).Clear();
            team.Begin();
            for (int i = 0; i < 2 * Cores; i++, kernel.Step = i) team.Run(kernel, (byte*)rows);
            team.End();
            kernel.Step = 0;
            Assert.Equal(Enumerable.Repeat(2L * Cores, Cores), new Span<long>(rows, Cores).ToArray());
        }
    }

    [Fact]
    public void Engines_at_the_same_time_use_no_more_threads_than_cores()
    {
        ThreadTeam first = new(3, _pool), second = new(3, _pool), third = new(3, _pool);
        using Counting a = new(), b = new(), c = new();
        first.Begin();
        second.Begin();
        third.Begin();
        first.Run(a, null);
        second.Run(b, null);
        third.Run(c, null);
        Assert.Equal((3, 1, 1), (a.Parts, b.Parts, c.Parts)); // 3 + 1 cores are all there are; the third caller has none of its own.
        third.End();
        first.End();
        second.End();
        second.Begin();
        second.Run(b, null);
        second.End();
        Assert.Equal(3, b.Parts);
    }

    [Fact]
    public void An_engine_of_one_thread_takes_a_core_too()
    {
        ThreadTeam alone = new(1, _pool), other = new(Cores, _pool);
        using var kernel = new Counting();
        alone.Begin();
        other.Begin();
        other.Run(kernel, null);
        Assert.Equal(Cores - 1, kernel.Parts);
        other.End();
        alone.End();
        other.Begin();
        other.Run(kernel, null);
        other.End();
        Assert.Equal(Cores, kernel.Parts);
    }

    [Fact]
    public void Big_and_small_cores_take_parts_in_proportion()
    {
        var pool = new WorkerPool([new(0, 1024, 0), new(1, 1024, 0), new(2, 446, 0), new(3, 446, 0)]);
        var team = new ThreadTeam(4, pool);
        using var kernel = new Counting();
        team.Begin();
        team.Run(kernel, null);
        team.End();
        Assert.Equal(14, kernel.Parts); // 5 + 5 + 2 + 2
        Assert.Equal(Enumerable.Repeat(1, 14), kernel.Runs.Take(14));
        Assert.InRange(ThreadTeam.MostParts(4, pool), 14, 20);
        Assert.Equal(1, ThreadTeam.MostParts(1, pool));
        Assert.Equal(Cores, ThreadTeam.MostParts(9, _pool));
    }

    [Fact]
    public void A_caller_keeps_its_core_and_gets_no_helper_on_it()
    {
        _pool.Prepare();
        var helpers = new Worker?[Cores];
        for (int cpu = 0; cpu < Cores; cpu++)
        {
            Assert.Equal(Cores - 1, _pool.Rent(cpu, out var own, helpers));
            Assert.Equal(cpu, own!.Index);
            Assert.Equal(Enumerable.Range(0, Cores).Where(i => i != cpu), helpers.Take(Cores - 1).Select(h => h!.Core.Index));
            Assert.Equal(0, _pool.Rent(cpu, out var none, helpers.AsSpan(Cores - 1)));
            Assert.Null(none);
            _pool.Return(own, helpers.AsSpan(0, Cores - 1));
        }
    }

    [Fact]
    public void A_caller_is_free_to_move_afterwards()
    {
        var affinity = new ThreadAffinity();
        var allowed = CpuCores.Available;
        affinity.Pin(allowed[^1]);
        Assert.True(!OperatingSystem.IsLinux() || ThreadAffinity.CurrentCpu == allowed[^1].Index);
        affinity.Restore();
        affinity.Pin(allowed[0]);
        Assert.True(!OperatingSystem.IsLinux() || ThreadAffinity.CurrentCpu == allowed[0].Index);
        affinity.Restore();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_failure_in_any_part_comes_out_and_the_team_goes_on(int part)
    {
        var team = new ThreadTeam(2, _pool);
        using var kernel = new Counting { FailsIn = part };
        team.Begin();
        var thrown = Assert.Throws<InvalidOperationException>(() => team.Run(kernel, null));
        Assert.Equal("on purpose", (thrown.InnerException ?? thrown).Message);
        kernel.FailsIn = -1;
        team.Run(kernel, null);
        team.End();
        Assert.Equal(1, kernel.Runs[part]);
    }

    [Fact]
    public void A_worker_without_work_falls_asleep_and_wakes_again()
    {
        var worker = new Worker(new CpuCore(0, 1024, 0), 1);
        using var kernel = new Counting();
        for (int i = 0; i < 3; i++)
        {
            Assert.True(SpinWait.SpinUntil(() => worker.IsAsleep, TimeSpan.FromSeconds(60)), "it is still awake");
            worker.Start(kernel, null, 1, 2, 2);
            Assert.Null(worker.Join());
        }

        Assert.Equal(3, kernel.Runs[1]);
    }

    [Fact]
    public void A_run_allocates_nothing()
    {
        var team = new ThreadTeam(2, _pool);
        using var kernel = new Counting();
        long Once(int steps)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            team.Begin();
            for (int i = 0; i < steps; i++) team.Run(kernel, null);
            team.End();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        _ = Once(10);
        Assert.Equal(0, Once(100));
    }

    private sealed class Counting : PreparedKernel
    {
        public int[] Runs { get; } = new int[64];

        public int Parts { get; private set; }

        public int FailsIn { get; set; } = -1;

        public override string Name => nameof(Counting);

        public override void Run(byte* arena, int part, int parts)
        {
            if (part == FailsIn) throw new InvalidOperationException("on purpose");
            Interlocked.Increment(ref Runs[part]);
            Parts = parts;
        }
    }

    private sealed class Passing : PreparedKernel
    {
        public int Step { get; set; }

        public override string Name => nameof(Passing);

        public override void Run(byte* arena, int part, int parts)
        {
            long* from = (long*)arena + Step % 2 * Cores, to = (long*)arena + (Step + 1) % 2 * Cores;
            to[part] = from[(part + parts - 1) % parts] + 1;
        }
    }
}
