using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ResNetEdge.Backends.Cpu.Unary;
using ResNetEdge.Operators.Lanes;

namespace ResNetEdge.Backends.Cpu.Binary;

/// <summary>Four bytes in 128-bit registers. Written without NEON's intrinsics, so that tests run it on other processors too.</summary>
internal readonly unsafe struct Bytes4 : IByteLanes<Float32x4>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32x4 Load(byte* from)
    {
        var words = Vector128.WidenLower(Vector128.CreateScalar(*(uint*)from).AsByte());
        return new(Vector128.ConvertToSingle(Vector128.WidenLower(words).AsInt32()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Float32x4 values, Float32x4 low, Float32x4 high, int zeroPoint, byte* to)
    {
        var f = Float32x4.IfLess(low, values, values, low);
        f = Float32x4.Round(Float32x4.IfLess(f, high, f, high));
        var whole = (Vector128.ConvertToInt32(f.Value) + Vector128.Create(zeroPoint)).AsUInt32();
        var words = Vector128.Narrow(whole, whole);
        *(uint*)to = Vector128.Narrow(words, words).AsUInt32().ToScalar();
    }
}
