using ResNetEdge.Engines;
using ResNetEdge.Model;
using ResNetEdge.Packages;
using ResNetEdge.Preprocess;

namespace ResNetEdge.Tests.Unit.Runtime.Engines;

public class EngineTableTests
{
    private static readonly ModelSource Model =
        new("m", null, () => throw new InvalidOperationException(), _ => throw new InvalidOperationException());

    [Fact]
    public void Auto_takes_the_first_that_loads_and_says_why_not_the_better_one()
    {
        var loaded = EngineTable.LoadBest([Failing("best", EdgeException.Unavailable("no such operator")), Working("second")], Model, new());
        Assert.Equal("second", loaded.Engine.Name);
        Assert.Equal("not best: no such operator", loaded.Reason);
    }

    [Fact]
    public void When_none_loads_the_best_engine_s_exit_code_and_every_reason_are_told()
    {
        var e = Assert.Throws<EdgeException>(() =>
            EngineTable.LoadBest(
                [Failing("best", EdgeException.BadInput("damaged")), Failing("second", EdgeException.Unavailable("no library"))], Model, new()));
        Assert.Equal(FailureKind.BadInput, e.Kind);
        Assert.Contains("damaged", e.Message, StringComparison.Ordinal);
        Assert.Contains("no library", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void When_all_find_the_model_at_fault_one_sentence_is_enough() => Assert.Equal("damaged", Assert.Throws<EdgeException>(() =>
        EngineTable.LoadBest(
            [Failing("best", EdgeException.BadInput("damaged")), Failing("second", EdgeException.BadInput("junk"))], Model, new())).Message);

    [Fact]
    public void A_model_that_is_refused_is_not_tried_on_another_engine() => Assert.Equal(FailureKind.Refused, Assert.Throws<EdgeException>(() =>
        EngineTable.LoadBest([Failing("best", EdgeException.Refused("not the file of the manifest")), Working("second")], Model, new())).Kind);

    [Fact]
    public void A_defect_is_not_taken_for_an_engine_that_cannot() => Assert.Throws<InvalidCastException>(() =>
        EngineTable.LoadBest([new("broken", "", (_, _) => throw new InvalidCastException()), Working("second")], Model, new()));

    [SkippableFact]
    public void An_unknown_name_is_usage_and_cuda_is_unavailable_without_a_gpu()
    {
        Assert.Equal(FailureKind.Usage, Assert.Throws<EdgeException>(() => EngineTable.Check("abacus")).Kind);
        Skip.If(CudaEngine.Obstacle(new()) is null, "this machine has a GPU");
        Assert.Equal(FailureKind.Unavailable, Assert.Throws<EdgeException>(() => EngineTable.Check("cuda")).Kind);
    }

    private static EngineKind Failing(string name, EdgeException e) => new(name, "", (_, _) => throw e);

    private static EngineKind Working(string name) => new(name, "", (_, _) => new NamedEngine(name));

    private sealed class NamedEngine(string name) : IEngine
    {
        public string Name => name;

        public IReadOnlyList<TensorInfo> Inputs => [];

        public IReadOnlyList<TensorInfo> Outputs => [];

        public void SetInput<T>(int index, ReadOnlySpan<T> values) where T : unmanaged => throw new NotSupportedException();

        public InputBuffer ImageInput(int index, int image = 0) => throw new NotSupportedException();

        public void Run() => throw new NotSupportedException();

        public void GetOutput<T>(int index, Span<T> values) where T : unmanaged => throw new NotSupportedException();

        public IEngine Fork(int? threads = null) => throw new NotSupportedException();

        public void Dispose()
        {
        }
    }
}
