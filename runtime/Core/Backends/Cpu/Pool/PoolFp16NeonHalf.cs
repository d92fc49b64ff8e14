using ResNetEdge.Backends.Cpu.Emit;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Pool;

/// <summary>Largest or average element of each window in half precision by machine code, as the reference computes it.</summary>
internal sealed unsafe class PoolFp16NeonHalf : PoolKernel
{
    private readonly int _channels, _kernel;
    private readonly Func<int, int, int>? _count;

    /// <summary>The largest element.</summary>
    public PoolFp16NeonHalf(MaxPoolProblem problem) : base(problem.Shape, problem.Input, problem.Output) =>
        (Name, _channels, _kernel) = ("MaxPoolFp16NeonHalf", problem.Shape.Channels, KernelsArm64.HalfMaxPool);

    /// <summary>The average.</summary>
    public PoolFp16NeonHalf(AveragePoolProblem problem) : base(problem.Shape, problem.Input, problem.Output)
    {
        (Name, _channels, _kernel) = ("AveragePoolFp16NeonHalf", problem.Shape.Channels, KernelsArm64.HalfAveragePool);
        _count = problem.Count;
    }

    public override string Name { get; }

    /// <summary>A pixel must fill a vector.</summary>
    public static bool CanRun(Model.ElementType type, PoolShape shape) => type == Model.ElementType.Float16 && shape.Channels >= HalfPoolArgs.Lanes;

    protected override void Pixel(byte* window, int rows, int columns, byte* output)
    {
        var args = new HalfPoolArgs
        {
            Window = window,
            Output = output,
            Down = Down,
            Right = Right,
            Rows = rows,
            Columns = columns,
            Channels = _channels,
            Count = _count is null ? 1 : _count(rows, columns),
        };
        EmittedArm64.Call(_kernel, &args);
    }
}
