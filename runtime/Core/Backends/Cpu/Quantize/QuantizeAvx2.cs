using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Quantize;

/// <summary>Eight floats to eight quantised integers 0..255; equals <see cref="Requantize.Quantize"/> bit for bit.</summary>
internal readonly struct QuantizeAvx2
{
    private readonly Vector256<float> _scale, _low, _high;
    private readonly Vector256<int> _zeroPoint;

    public QuantizeAvx2(float scale, byte zeroPoint)
    {
        _scale = Vector256.Create(scale);
        _low = Vector256.Create(-(float)zeroPoint);
        _high = Vector256.Create(255f - zeroPoint);
        _zeroPoint = Vector256.Create((int)zeroPoint);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<int> Apply(Vector256<float> x)
    {
        var f = Avx.Min(Avx.Max(x / _scale, _low), _high); // A NaN becomes the second operand.
        return Avx.ConvertToVector256Int32(f) + _zeroPoint;
    }
}
