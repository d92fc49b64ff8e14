using System.Runtime.Intrinsics;

namespace ResNetEdge.Backends.Cpu.Conv.Winograd;

/// <summary>
/// The three transforms of F(m×m, 3×3): Y = Aᵀ[(G g Gᵀ) ⊙ (Bᵀ d B)]A. An input tile d of (m + 2)² pixels becomes as many products per
/// channel instead of 9·m² (Winograd 1980; Lavin and Gray, arXiv:1509.09308). Products are numbered row by row.
/// </summary>
internal abstract unsafe class WinogradTransform
{
    /// <summary>Channels that a transform may handle at once: it reads and writes up to a multiple of them.</summary>
    public const int Lanes = 16;

    /// <summary>m, output pixels along a side.</summary>
    public abstract int Outputs { get; }

    /// <summary>Input pixels along a side.</summary>
    public int Inputs => Outputs + 2;

    /// <summary>Products for each pair of channels, equal to the input pixels of a tile.</summary>
    public int Products => Inputs * Inputs;

    /// <summary>Roundings between an exact sum of exact products and the output: transforms of both sides, the weight itself.</summary>
    public abstract int Roundings { get; }

    /// <summary>The transform for tiles of 2×2 or 4×4 outputs.</summary>
    public static WinogradTransform Of(int outputs) => outputs switch
    {
        2 => new Winograd2x2(),
        4 => new Winograd4x4(),
        _ => throw new ArgumentException($"no Winograd transform has {outputs}x{outputs} outputs"),
    };

    /// <summary>G g Gᵀ for several pairs of channels at once.</summary>
    /// <param name="taps">[9] g, row by row.</param>
    /// <param name="products">[Products].</param>
    public abstract void Weights(ReadOnlySpan<Vector256<double>> taps, Span<Vector256<double>> products);

    /// <summary>Bᵀ d B of some tiles.</summary>
    public abstract void Input(in WinogradBlock block);

    /// <summary>Aᵀ M A of one tile and panel, then the epilogue.</summary>
    /// <param name="products">Product 0 of the panel's first lane.</param>
    /// <param name="pitch">Elements from one product to the next.</param>
    /// <param name="epilogue">Bias, residual, clamp, store.</param>
    public abstract void Output(float* products, nint pitch, in WinogradEpilogue epilogue);
}
