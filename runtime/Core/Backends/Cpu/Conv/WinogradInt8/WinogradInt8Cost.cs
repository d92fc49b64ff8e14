namespace ResNetEdge.Backends.Cpu.Conv.WinogradInt8;

/// <summary>Instructions of an instruction set's loops, to choose between Winograd's method and the direct kernel.</summary>
/// <param name="Product">Of a product of transformed numbers.</param>
/// <param name="Direct">Of a product of the direct kernel.</param>
/// <param name="Input">Of the transform of one channel of a tile.</param>
/// <param name="Output">Of the transform of one output channel of a tile.</param>
internal readonly record struct WinogradInt8Cost(double Product, double Direct, double Input, double Output)
{
    /// <summary>128 products of a tile and eight channels take 36, 256 direct ones 61; a transform of eight channels 420 and 450.</summary>
    public static WinogradInt8Cost Neon => new(0.28, 0.24, 52, 65);

    /// <summary>128 products of four tiles and two channels take 23, 256 direct ones 54.</summary>
    public static WinogradInt8Cost Avx2 => new(0.18, 0.21, 52, 65);
}
