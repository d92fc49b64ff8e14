using System.Runtime.Intrinsics.Arm;
using ResNetEdge.Backends.Cpu.Unary;
using ResNetEdge.Operators.Lanes;

namespace ResNetEdge.Backends.Cpu.Conv.Winograd;

/// <summary>
/// The three transforms of F(m×m, 3×3): Y = Aᵀ[(G g Gᵀ) ⊙ (Bᵀ d B)]A. An input tile d of (m + 2)² pixels becomes as many products per
/// channel instead of 9·m² (Winograd 1980; Lavin and Gray, arXiv:1509.09308). Products are numbered row by row.
/// </summary>
internal abstract unsafe class WinogradTransform
{
    /// <summary>Channels that a transform may handle at once: it reads and writes up to a multiple of them.</summary>
    public const int Lanes = 16;

    /// <summary>Weights that are transformed at once, and taps of each.</summary>
    public const int WeightLanes = 4, Taps = 9;

    /// <summary>m, output pixels along a side.</summary>
    public abstract int Outputs { get; }

    /// <summary>Input pixels along a side.</summary>
    public int Inputs => Outputs + 2;

    /// <summary>Products for each pair of channels, equal to the input pixels of a tile.</summary>
    public int Products => Inputs * Inputs;

    /// <summary>Roundings between an exact sum of exact products and the output: transforms of both sides, the weight itself.</summary>
    public abstract int Roundings { get; }

    /// <summary>The transform for tiles of 2×2 or 4×4 outputs by the vectors of this architecture's lowest tier.</summary>
    public static WinogradTransform Of(int outputs) =>
        AdvSimd.Arm64.IsSupported ? Of<Float32x4, Float64x2>(outputs) : Of<Float32x8, Float64x4>(outputs);

    /// <summary>The transform by vectors of the given lanes: the same operations in the same order with any number, and so the same bits.</summary>
    /// <typeparam name="TLanes">What inputs and outputs are transformed in.</typeparam>
    /// <typeparam name="TDouble">What weights are transformed in, 1, 2 or 4 at once.</typeparam>
    public static WinogradTransform Of<TLanes, TDouble>(int outputs)
        where TLanes : struct, IFloatLanes<TLanes>
        where TDouble : struct, IDoubleLanes<TDouble> => outputs switch
        {
            2 => new Winograd2x2<TLanes, TDouble>(),
            4 => new Winograd4x4<TLanes, TDouble>(),
            _ => throw new ArgumentException($"no Winograd transform has {outputs}x{outputs} outputs"),
        };

    /// <summary>G g Gᵀ for four pairs of channels at once, computed in double and rounded once.</summary>
    /// <param name="taps">[9][4] g, row by row.</param>
    /// <param name="products">Receives [Products][4].</param>
    /// <param name="pitch">Elements from one product of all four pairs to the next.</param>
    public abstract void Weights(float* taps, float* products, nint pitch);

    /// <summary>Bᵀ d B of some tiles.</summary>
    public abstract void Input(in WinogradBlock block);

    /// <summary>Aᵀ M A of one tile and panel, then the epilogue.</summary>
    /// <param name="products">Product 0 of the panel's first lane.</param>
    /// <param name="pitch">Elements from one product to the next.</param>
    /// <param name="epilogue">Bias, residual, clamp, store.</param>
    public abstract void Output(float* products, nint pitch, in WinogradEpilogue epilogue);
}
