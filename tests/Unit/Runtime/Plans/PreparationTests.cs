using ResNetEdge.Backends;
using ResNetEdge.Model;
using ResNetEdge.Plans;
using ResNetEdge.Steps;

namespace ResNetEdge.Tests.Unit.Runtime.Plans;

public class PreparationTests
{
    private const int Count = 40;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100)]
    public void Steps_keep_their_order(int threads)
    {
        var steps = Enumerable.Range(0, Count).Select(i => Step(i, default)).ToList();
        var prepared = Preparation.Run(steps, new Backend(), threads, null);
        Assert.Equal(steps.Select(s => s.Node), prepared.Select(s => s.Node));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Weights_are_let_go_once_and_after_their_last_step(int threads)
    {
        ReadOnlyMemory<byte>[] weights = [new byte[1], new byte[2], new byte[3]];
        int[] left = [0, 0, 0];
        var packed = new List<int>();
        var steps = Enumerable.Range(0, Count).Select(i =>
        {
            left[i % 3]++;
            return Step(i, weights[i % 3], () => Interlocked.Decrement(ref left[i % 3]));
        }).ToList();
        Preparation.Run(steps, new Backend(), threads, w =>
        {
            Assert.Equal(0, Volatile.Read(ref left[w.Length - 1]));
            packed.Add(w.Length);
        });
        Assert.Equal([1, 2, 3], packed.Order());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void The_first_failure_comes_out_and_nothing_is_left_behind(int threads)
    {
        int made = 0;
        var steps = Enumerable.Range(0, Count).Select(i => Step(i, default, () =>
        {
            if (i >= 7) throw EdgeException.BadInput("a bad number");
            Interlocked.Increment(ref made);
        })).ToList();
        var backend = new Backend();
        var thrown = Assert.Throws<EdgeException>(() => Preparation.Run(steps, backend, threads, null));
        Assert.Contains("'7': a bad number", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(7, made);
        Assert.Equal(made, backend.Disposed);
    }

    private static PlanStep Step(int i, ReadOnlyMemory<byte> weights, Action? act = null) =>
        new("Step", $"{i}", new Problem(act), [], [PlanBuffer.Dense(ElementType.Float32, new NhwcShape(1, 1, 1, 1))]) { Weights = weights };

    /// <summary>Does something when it is prepared.</summary>
    private sealed record Problem(Action? Act) : StepProblem
    {
        public override void Check() => Act?.Invoke();

        protected override StepProblem Move(StepPlaces places) => this;
    }

    /// <summary>Counts the kernels that were given back.</summary>
    private sealed class Backend : IBackend
    {
        private int _disposed;

        public int Disposed => _disposed;

        public string Name => "counting";

        public bool Takes(StepProblem problem) => true;

        public long ScratchBytes(StepProblem problem, int threads) => 0;

        public IStepKernel Prepare(StepProblem problem)
        {
            problem.Check();
            return new Kernel(() => Interlocked.Increment(ref _disposed));
        }
    }

    private sealed class Kernel(Action disposed) : IStepKernel
    {
        public string Name => nameof(Kernel);

        public long PackedBytes => 0;

        public void Dispose() => disposed();
    }
}
