using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using ResNetEdge.Backends.Cpu.Epilogues;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Quantize;

/// <summary>Four floats to four quantised integers 0..255; equals <see cref="Requantize.Quantize"/> bit for bit.</summary>
internal readonly struct QuantizeAdvSimd
{
    private readonly Vector128<float> _scale, _low, _high;
    private readonly Vector128<int> _zeroPoint;

    public QuantizeAdvSimd(float scale, byte zeroPoint)
    {
        _scale = Vector128.Create(scale);
        _low = Vector128.Create(-(float)zeroPoint);
        _high = Vector128.Create(255f - zeroPoint);
        _zeroPoint = Vector128.Create((int)zeroPoint);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector128<int> Apply(Vector128<float> x) =>
        AdvSimd.ConvertToInt32RoundToEven(LanesFp32AdvSimd.ClampNumber(x / _scale, _low, _high)) + _zeroPoint;
}
