using Iced.Intel;
using ResNetEdge.Backends.Cpu.Emit;
using static Iced.Intel.AssemblerRegisters;
using static ResNetEdge.KernelGenerator.Registers;

namespace ResNetEdge.KernelGenerator;

/// <summary>
/// The products of one filter row and one block of input channels: every column that the tile sees, times the weights of those taps that see it.
/// </summary>
/// <remarks>
/// One channel after the other over all columns, so that sums which follow each other do not wait for each other. Columns left and right of the
/// picture are loads whose mask is zero: they give zeros and never fault; a permutation from memory could. Four registers make up every multiple of
/// the column's stride up to seven, from bases eight columns apart.
/// </remarks>
internal static class RowConvStep
{
    /// <summary>The first of the masks of columns.</summary>
    public const int FirstMask = 2;

    private const int BaseColumns = 8, InputRegisters = 3;

    /// <summary>rsi: input; r11: weights, moved behind those that are used; r14: permutations; rbx is lost.</summary>
    public static void Emit(Assembler a, RowConvShape shape)
    {
        int weight = shape.Pixels, weights = shape.Block * shape.KernelWidth, permutation = weight + weights;
        int input = permutation + (shape.Kind == RowConvKind.Permuted ? 1 : 0);
        for (int i = 0; i < weights; i++) a.vmovups(Zmm(weight + i), __zmmword_ptr[r11 + i * 64]);
        a.add(r11, weights * 64);
        for (int channel = 0, turn = 0; channel < shape.Block; channel++)
        {
            if (shape.Kind == RowConvKind.Permuted) a.vmovups(Zmm(permutation), __zmmword_ptr[r14 + channel * 64]);
            for (int column = 0; column < shape.Columns; column++)
            {
                if (column > 0 && column % BaseColumns == 0) a.lea(rbx, __[(column == BaseColumns ? rsi : rbx) + r8 * 8]);
                var x = Zmm(input + turn++ % InputRegisters);
                Load(a, shape, x, column, channel, Zmm(permutation));
                for (int tap = 0; tap < shape.KernelWidth; tap++)
                {
                    var (pixel, rest) = Math.DivRem(column - tap, shape.Stride);
                    if (column >= tap && rest == 0 && pixel < shape.Pixels)
                        a.vfmadd231ps(Zmm(pixel), x, Zmm(weight + channel * shape.KernelWidth + tap));
                }
            }
        }
    }

    private static void Load(Assembler a, RowConvShape shape, AssemblerRegisterZMM x, int column, int channel, AssemblerRegisterZMM permutation)
    {
        int right = column - (shape.Columns - shape.MaskedColumns);
        int mask = column < shape.MaskedColumns ? FirstMask + column : right >= 0 ? FirstMask + RowConvTile.MaskedColumns + right : 0;
        var from = Place(column < BaseColumns ? rsi : rbx, column % BaseColumns);
        var target = Masked(x, mask);
        switch (shape.Kind)
        {
            case RowConvKind.Depthwise:
                a.vmovups(target, __zmmword_ptr[from]);
                break;
            case RowConvKind.Broadcast:
                a.vbroadcastss(target, __dword_ptr[from + channel * 4]);
                break;
            case RowConvKind.Permuted when mask == 0:
                a.vpermps(x, permutation, __zmmword_ptr[from]);
                break;
            default:
                a.vmovups(target, __zmmword_ptr[from]);
                a.vpermps(x, permutation, x);
                break;
        }
    }

    /// <summary>A register that becomes zero where the mask is; the register alone for mask 0.</summary>
    private static AssemblerRegisterZMM Masked(AssemblerRegisterZMM register, int mask) => mask switch
    {
        0 => register,
        2 => register.k2.z,
        3 => register.k3.z,
        4 => register.k4.z,
        5 => register.k5.z,
        6 => register.k6.z,
        _ => register.k7.z,
    };

    /// <summary>So many columns, 0 to 7, behind a base.</summary>
    private static AssemblerMemoryOperand Place(AssemblerRegister64 from, int columns) => columns switch
    {
        0 => from + 0,
        1 => from + r8,
        2 => from + r8 * 2,
        3 => from + r9,
        4 => from + r8 * 4,
        5 => from + r10,
        6 => from + r9 * 2,
        _ => from + rbp,
    };
}
