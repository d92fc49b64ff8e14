using ResNetEdge.Backends.Cpu;
using ResNetEdge.Backends.Cpu.Threading;
using ResNetEdge.Device.Cpu;

namespace ResNetEdge.Tests.Unit.Runtime.Engines.Threading;

/// <summary>What becomes of an inference when another process takes one of its cores.</summary>
public unsafe class NoisyCoreTests
{
    [Fact]
    public void A_part_that_a_busy_helper_has_not_begun_is_done_by_the_caller()
    {
        var worker = new Worker(new CpuCore(0, 1024, 0), 1);
        using var kernel = new HeldUp { Blocks = 0, Until = k => k.DoneBy(1) != 0 };
        worker.Start(kernel, null, 0, 2, 2);
        SpinWait.SpinUntil(() => kernel.HasBegun);
        Assert.Null(worker.Join()); // Part 0 ends only after part 1, which nobody but the caller can do.
        Assert.Equal(Environment.CurrentManagedThreadId, kernel.DoneBy(1));
        Assert.NotEqual(Environment.CurrentManagedThreadId, kernel.DoneBy(0));
    }

    [Fact]
    public void A_failure_in_a_part_taken_from_a_helper_comes_out()
    {
        var worker = new Worker(new CpuCore(0, 1024, 0), 1);
        using var kernel = new HeldUp { Blocks = 0, Until = k => k.DoneBy(1) != 0, FailsIn = 1 };
        worker.Start(kernel, null, 0, 2, 2);
        SpinWait.SpinUntil(() => kernel.HasBegun);
        Assert.Equal("on purpose", worker.Join()!.Message);
        worker.Start(kernel, null, 2, 3, 3);
        Assert.Null(worker.Join());
    }

    [Fact]
    public void A_core_that_holds_up_inferences_rests_and_then_helps_again()
    {
        var pool = new WorkerPool([new(0, 1024, 0), new(1, 1024, 0), new(2, 1024, 0)]);
        pool.Prepare();
        var helpers = new Worker?[2];
        for (int i = 0; i < CoreRest.Limit; i++)
        {
            Assert.Equal(2, pool.Rent(0, out var own, helpers));
            HoldUp(helpers[1]!);
            pool.Return(own, helpers);
        }

        for (int i = 0; i < CoreRest.Shortest; i++)
        {
            Assert.Equal(1, pool.Rent(0, out var own, helpers));
            Assert.Equal(1, helpers[0]!.Core.Index);
            pool.Return(own, helpers.AsSpan(0, 1));
        }

        Assert.Equal(2, pool.Rent(0, out var caller, helpers));
        Assert.False(helpers[1]!.WasHeldUp);
        pool.Return(caller, helpers);
    }

    [Fact]
    public void Another_core_takes_the_place_of_one_that_rests()
    {
        var pool = new WorkerPool([new(0, 1024, 0), new(1, 1024, 0), new(2, 1024, 0)]);
        pool.Prepare();
        var helpers = new Worker?[1];
        for (int i = 0; i < CoreRest.Limit; i++)
        {
            pool.Rent(0, out var own, helpers);
            Assert.Equal(1, helpers[0]!.Core.Index);
            HoldUp(helpers[0]!);
            pool.Return(own, helpers);
        }

        Assert.Equal(1, pool.Rent(0, out _, helpers));
        Assert.Equal(2, helpers[0]!.Core.Index);
    }

    [Fact]
    public void Rests_grow_while_the_core_stays_busy_and_start_over_when_it_was_free()
    {
        var rest = default(CoreRest);
        int[] lengths = [.. Enumerable.Range(0, 7).Select(_ => Length(ref rest))];
        Assert.Equal([32, 64, 128, 256, 512, 1024, 1024], lengths);
        for (int i = 0; i < CoreRest.Window; i++) rest.Note(wasHeldUp: false);
        Assert.Equal(CoreRest.Shortest, Length(ref rest));
        static int Length(ref CoreRest rest)
        {
            for (int i = 0; i < CoreRest.Limit; i++)
            {
                Assert.False(rest.IsResting);
                rest.Note(wasHeldUp: true);
            }

            int length = 0;
            for (; rest.IsResting; length++) rest.Skip();
            return length;
        }
    }

    [Fact]
    public void A_rare_hold_up_is_no_reason_to_rest()
    {
        var rest = default(CoreRest);
        for (int i = 0; i < 1000; i++)
        {
            rest.Note(wasHeldUp: i % 4 == 0); // Two of any eight.
            Assert.False(rest.IsResting);
        }
    }

    // A step whose only part ends when the worker's caller has noticed that it takes too long.
    private static void HoldUp(Worker worker)
    {
        using var kernel = new HeldUp { Blocks = 1, Until = _ => worker.WasHeldUp };
        worker.Start(kernel, null, 1, 2, 2);
        SpinWait.SpinUntil(() => kernel.HasBegun);
        Assert.Null(worker.Join());
        Assert.True(worker.WasHeldUp);
    }

    private sealed class HeldUp : PreparedKernel
    {
        private readonly int[] _doneBy = new int[4];
        private int _begun;

        public required int Blocks { get; init; }

        public required Func<HeldUp, bool> Until { get; init; }

        public int FailsIn { get; init; } = -1;

        public bool HasBegun => Volatile.Read(ref _begun) != 0;

        public override string Name => nameof(HeldUp);

        public int DoneBy(int part) => Volatile.Read(ref _doneBy[part]);

        public override void Run(byte* arena, int part, int parts)
        {
            if (part == Blocks)
            {
                Volatile.Write(ref _begun, 1);
                SpinWait.SpinUntil(() => Until(this));
            }

            Volatile.Write(ref _doneBy[part], Environment.CurrentManagedThreadId);
            if (part == FailsIn) throw new InvalidOperationException("on purpose");
        }
    }
}
