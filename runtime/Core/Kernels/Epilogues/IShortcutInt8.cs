using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ResNetEdge.Kernels.Epilogues;

/// <summary>Whether a residual is added before rounding. A struct type parameter: inlined, no cost, one kernel body for both.</summary>
internal unsafe interface IShortcutInt8
{
    /// <summary>A residual is added: a constant, for kernels that add it by instructions of their own.</summary>
    static abstract bool HasResidual { get; }

    /// <param name="f">Eight scaled sums.</param>
    /// <param name="residual">The shortcut's eight bytes.</param>
    /// <param name="zeroPoint">The shortcut's zero point.</param>
    /// <param name="scale">The shortcut's scale / the output's.</param>
    static abstract Vector256<float> Add(Vector256<float> f, byte* residual, Vector256<int> zeroPoint, Vector256<float> scale);
}

/// <summary>No residual.</summary>
internal readonly unsafe struct NoShortcutInt8 : IShortcutInt8
{
    public static bool HasResidual => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Add(Vector256<float> f, byte* residual, Vector256<int> zeroPoint, Vector256<float> scale) => f;
}

/// <summary>f = fma(r - zeroPoint, scale, f).</summary>
internal readonly unsafe struct AddShortcutInt8 : IShortcutInt8
{
    public static bool HasResidual => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Add(Vector256<float> f, byte* residual, Vector256<int> zeroPoint, Vector256<float> scale)
    {
        var r = Avx2.Subtract(Avx2.ConvertToVector256Int32(residual), zeroPoint);
        return Fma.MultiplyAdd(Avx.ConvertToVector256Single(r), scale, f);
    }
}
