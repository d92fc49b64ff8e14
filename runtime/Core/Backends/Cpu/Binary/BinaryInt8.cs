using ResNetEdge.Operators.Lanes;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Binary;

/// <summary>
/// A function of two quantised values, a register of lanes at a time along the innermost dimension; a value that is spread along it stays in a
/// register. Dequantised, computed and quantised as the model says it, so that all lanes give the bits of a literal evaluation.
/// </summary>
/// <typeparam name="TFunction">The function.</typeparam>
/// <typeparam name="TLanes">The instruction set's lanes.</typeparam>
/// <typeparam name="TBytes">How they are read and written.</typeparam>
internal sealed unsafe class BinaryInt8<TFunction, TLanes, TBytes>(string name, BinaryInt8Problem problem, TFunction function)
    : BinaryKernel(problem.Dimensions, problem.Left.Offset, problem.Right.Offset, problem.Output.Offset, 1)
    where TFunction : struct, IBinaryFunction
    where TLanes : struct, IFloatLanes<TLanes>
    where TBytes : struct, IByteLanes<TLanes>
{
    private readonly float _leftScale = problem.Left.Scale, _rightScale = problem.Right.Scale, _outputScale = problem.Output.Scale;
    private readonly int _leftZero = problem.Left.ZeroPoint, _rightZero = problem.Right.ZeroPoint, _outputZero = problem.Output.ZeroPoint;
    private readonly float _low = problem.Low - (float)problem.Output.ZeroPoint, _high = problem.High - (float)problem.Output.ZeroPoint;
    private readonly bool _isRightFloat = problem.IsRightFloat;

    public override string Name => name;

    protected override void Row(byte* left, long leftStep, byte* right, long rightStep, byte* output, long outputStep, int count)
    {
        var f = function;
        int i = 0;
        bool isRightDense = rightStep == (_isRightFloat ? sizeof(float) : 1);
        if (outputStep == 1 && leftStep is 0 or 1 && (rightStep == 0 || isRightDense))
        {
            // Locals, because what is stored could be a field for all that the compiler knows.
            TLanes leftScale = TLanes.Of(_leftScale), leftZero = TLanes.Of(_leftZero), rightScale = TLanes.Of(_rightScale),
                rightZero = TLanes.Of(_rightZero), outputScale = TLanes.Of(_outputScale), low = TLanes.Of(_low), high = TLanes.Of(_high);
            int zeroPoint = _outputZero;
            TLanes a = (TLanes.Of(*left) - leftZero) * leftScale,
                b = _isRightFloat ? TLanes.Broadcast((float*)right) : (TLanes.Of(*right) - rightZero) * rightScale;
            bool spreadsLeft = leftStep == 0, spreadsRight = rightStep == 0, isRightFloat = _isRightFloat;
            for (; i <= count - TLanes.Count; i += TLanes.Count)
            {
                if (!spreadsLeft) a = (TBytes.Load(left + i) - leftZero) * leftScale;
                if (!spreadsRight) b = isRightFloat ? TLanes.Load((float*)right + i) : (TBytes.Load(right + i) - rightZero) * rightScale;
                TBytes.Store(f.Apply(a, b) / outputScale, low, high, zeroPoint, output + i);
            }
        }

        for (long k = i; k < count; k++)
        {
            var a = new Float32x1((left[k * leftStep] - _leftZero) * _leftScale);
            var b = new Float32x1(
                _isRightFloat ? *(float*)(right + k * rightStep) : (right[k * rightStep] - _rightZero) * _rightScale);
            Bytes1.Store(f.Apply(a, b) / new Float32x1(_outputScale), new(_low), new(_high), _outputZero, output + k * outputStep);
        }
    }
}

/// <summary>Binds any function to a tier's lanes.</summary>
internal static class BinaryInt8
{
    /// <summary>The kernel of a problem.</summary>
    /// <param name="name">Its name in the table.</param>
    /// <param name="problem">A problem whose <see cref="Steps.StepProblem.Check"/> has passed.</param>
    public static PreparedKernel Bind<TLanes, TBytes>(string name, BinaryInt8Problem problem)
        where TLanes : struct, IFloatLanes<TLanes> where TBytes : struct, IByteLanes<TLanes> =>
        problem.Function.GiveTo(new Binder<TLanes, TBytes>(name, problem));

    private sealed class Binder<TLanes, TBytes>(string name, BinaryInt8Problem problem) : IBinaryReceiver<PreparedKernel>
        where TLanes : struct, IFloatLanes<TLanes> where TBytes : struct, IByteLanes<TLanes>
    {
        public PreparedKernel Take<TFunction>(TFunction function) where TFunction : struct, IBinaryFunction =>
            new BinaryInt8<TFunction, TLanes, TBytes>(name, problem, function);
    }
}
