using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ResNetEdge.Backends.Cpu.Conv.Int8;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Epilogues;

/// <summary>Whether a residual is added before rounding. A struct type parameter: inlined, no cost, one kernel body for both.</summary>
internal unsafe interface IShortcutInt8
{
    /// <summary>A residual is added: a constant, for kernels that add it by instructions of their own.</summary>
    static abstract bool HasResidual { get; }

    /// <summary>The sums are rounded and clamped before: a constant as well.</summary>
    static abstract bool HasBranch { get; }

    /// <summary>sums · multiplier, rounded and clamped where there is a branch.</summary>
    static abstract Vector256<float> Scale(Vector256<int> sums, Vector256<float> multiplier, in ConvInt8Tile tile);

    /// <param name="f">Eight scaled sums.</param>
    /// <param name="residual">The shortcut's eight bytes.</param>
    /// <param name="tile">Scales, zero points and bounds.</param>
    static abstract Vector256<float> Add(Vector256<float> f, byte* residual, in ConvInt8Tile tile);
}

/// <summary>No residual.</summary>
internal readonly unsafe struct NoShortcutInt8 : IShortcutInt8
{
    public static bool HasResidual => false;

    public static bool HasBranch => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Scale(Vector256<int> sums, Vector256<float> multiplier, in ConvInt8Tile tile) =>
        Avx.ConvertToVector256Single(sums) * multiplier;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Add(Vector256<float> f, byte* residual, in ConvInt8Tile tile) => f;
}

/// <summary>f = fma(r - zeroPoint, scale, f).</summary>
internal readonly unsafe struct AddShortcutInt8 : IShortcutInt8
{
    public static bool HasResidual => true;

    public static bool HasBranch => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Scale(Vector256<int> sums, Vector256<float> multiplier, in ConvInt8Tile tile) =>
        NoShortcutInt8.Scale(sums, multiplier, in tile);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Add(Vector256<float> f, byte* residual, in ConvInt8Tile tile)
    {
        var r = Avx2.Subtract(Avx2.ConvertToVector256Int32(residual), Vector256.Create(tile.ResidualZeroPoint));
        return Fma.MultiplyAdd(Avx.ConvertToVector256Single(r), Vector256.Create(tile.ResidualScale), f);
    }
}

/// <summary>Scales as <see cref="Requantize.Branch"/>, then adds as <see cref="AddShortcutInt8"/>.</summary>
internal readonly unsafe struct AddToBranchInt8 : IShortcutInt8
{
    public static bool HasResidual => true;

    public static bool HasBranch => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Scale(Vector256<int> sums, Vector256<float> multiplier, in ConvInt8Tile tile)
    {
        var rounding = Vector256.Create(Requantize.Rounding);
        var f = Fma.MultiplyAdd(Avx.ConvertToVector256Single(sums), multiplier, rounding);
        f = Avx.Min(Avx.Max(f, Vector256.Create(tile.BranchLow)), Vector256.Create(tile.BranchHigh));
        return (f - rounding) * Vector256.Create(tile.BranchScale);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Add(Vector256<float> f, byte* residual, in ConvInt8Tile tile) => AddShortcutInt8.Add(f, residual, in tile);
}
