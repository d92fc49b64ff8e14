using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;
using static ResNetEdge.KernelGenerator.Registers;

namespace ResNetEdge.KernelGenerator;

/// <summary>
/// One step of the inner loop without VNNI. Bytes 0 and 2 of a dword, and 1 and 3 of it, are widened by a mask: loading from one byte
/// further on takes the place of a shift, which only one port does. Weights come from memory, so that registers are left for sums.
/// </summary>
/// <remarks>Weights of a step: [even, odd][width][2] s16. Reads one byte past the tap's last step.</remarks>
internal static class PairStep
{
    private const uint EvenBytes = 0x00FF00FF;

    /// <summary>Registers after the accumulators: the mask, both halves of the activations, one product or two.</summary>
    private static AssemblerRegisterZMM EvenMask(Tile tile) => Zmm(tile.Accumulators);

    /// <summary>The epilogue may have overwritten it.</summary>
    public static void LoadMask(Assembler a, Tile tile)
    {
        a.mov(eax, EvenBytes);
        a.vpbroadcastd(EvenMask(tile), eax);
    }

    public static void Emit(Assembler a, Tile tile, int step)
    {
        int width = tile.Vectors * 64, first = tile.Accumulators + 3, products = Math.Min(4, 32 - first);
        for (int line = 0; line < tile.StepBytes; line += 64)
            ConvEmitter.Prefetch(a, tile, step * tile.StepBytes + line);
        for (int m = 0, turn = 0; m < tile.Rows; m++)
        {
            for (int half = 0; half < 2; half++)
            {
                var x = Zmm(tile.Accumulators + 1 + half);
                a.vpandd(x, EvenMask(tile), __dword_bcst[Walker + Rows[m] + step * 4 + half]);
                for (int v = 0; v < tile.Vectors; v++)
                {
                    var product = Zmm(first + turn++ % products);
                    a.vpmaddwd(product, x, __zmmword_ptr[rdi + step * tile.StepBytes + half * width + v * 64]);
                    a.vpaddd(Zmm(tile.Accumulator(m, v)), Zmm(tile.Accumulator(m, v)), product);
                }
            }
        }
    }
}
