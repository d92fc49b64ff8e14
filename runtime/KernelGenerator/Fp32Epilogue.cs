using Iced.Intel;
using ResNetEdge.Backends.Cpu.Emit;
using static Iced.Intel.AssemblerRegisters;
using static ResNetEdge.KernelGenerator.Registers;

namespace ResNetEdge.KernelGenerator;

/// <summary>y = clamp(sum [+ residual], Low, High), loads and stores masked to the channels that exist.</summary>
/// <remarks>rdi: arguments; rcx, rdx: output and residual of the tile, moved to the next tile's.</remarks>
internal static class Fp32Epilogue
{
    private const int Low = 28, High = 29;

    public static void Emit(Assembler a, Tile tile)
    {
        a.vbroadcastss(Zmm(Low), __dword_ptr[rdi + Field(nameof(ConvArgs.Low))]);
        a.vbroadcastss(Zmm(High), __dword_ptr[rdi + Field(nameof(ConvArgs.High))]);
        for (int m = 0; m < tile.Rows; m++)
        {
            var none = a.CreateLabel();
            a.test(rdx, rdx);
            a.je(none);
            for (int v = 0; v < tile.Vectors; v++)
            {
                var sum = Zmm(tile.Accumulator(m, v));
                a.vaddps(Masked(sum, v), sum, __zmmword_ptr[rdx + v * 64]);
            }

            a.Label(ref none);
            for (int v = 0; v < tile.Vectors; v++)
            {
                var f = Zmm(tile.Accumulator(m, v));
                a.vmaxps(f, Zmm(Low), f); // In this order a NaN stays.
                a.vminps(f, Zmm(High), f);
                a.vmovups(Masked(__zmmword_ptr[rcx + v * 64], v), f);
            }

            a.add(rcx, __qword_ptr[rdi + Field(nameof(ConvArgs.OutputStride))]);
            a.add(rdx, __qword_ptr[rdi + Field(nameof(ConvArgs.ResidualStride))]);
        }
    }

    private static AssemblerMemoryOperand Masked(
        AssemblerMemoryOperand operand, int vector) => vector switch { 0 => operand.k1, 1 => operand.k2, 2 => operand.k3, _ => operand.k4 };

    private static AssemblerRegisterZMM Masked(
        AssemblerRegisterZMM register, int vector) => vector switch { 0 => register.k1, 1 => register.k2, 2 => register.k3, _ => register.k4 };
}
