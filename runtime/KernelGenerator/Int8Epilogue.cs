using Iced.Intel;
using ResNetEdge.Kernels.Emit;
using static Iced.Intel.AssemblerRegisters;
using static ResNetEdge.KernelGenerator.Registers;

namespace ResNetEdge.KernelGenerator;

/// <summary>
/// Requantises finished sums, docs/int8-arithmetic.md: f = (float)sum · multiplier; f = fma(r - zr, sr, f) if there is a residual;
/// rounded to nearest even, saturated to s16, + zero point saturated, saturated to u8, clamped. One masked store a row.
/// </summary>
/// <remarks>rdi: arguments; rcx, rdx: output and residual of the tile, moved to the next tile's.</remarks>
internal static class Int8Epilogue
{
    private const int ZeroPoint = 28, Low = 29, Permutation = 30, Temporary = 31;

    public static void Emit(Assembler a, Tile tile, Label permutation)
    {
        a.mov(rax, __qword_ptr[rdi + Field(nameof(ConvArgs.Multiplier))]);
        a.vpbroadcastw(Zmm(ZeroPoint), __word_ptr[rdi + Field(nameof(ConvArgs.OutputZeroPoint))]);
        a.vpbroadcastb(Zmm(Low), __byte_ptr[rdi + Field(nameof(ConvArgs.Low))]);
        a.vmovdqu32(Zmm(Permutation), __zmmword_ptr[permutation]);
        for (int m = 0; m < tile.Rows; m++)
        {
            for (int v = 0; v < tile.Vectors; v++)
            {
                var f = Zmm(tile.Accumulator(m, v));
                a.vcvtdq2ps(f, f);
                a.vmulps(f, f, __zmmword_ptr[rax + v * 64]);
            }

            AddResidual(a, tile, m);
            Store(a, tile, m);
            a.add(rcx, __qword_ptr[rdi + Field(nameof(ConvArgs.OutputStride))]);
            a.add(rdx, __qword_ptr[rdi + Field(nameof(ConvArgs.ResidualStride))]);
        }
    }

    /// <summary>
    /// After the packs, the dword of lane l and vector v sits at position v of lane l: index 4·l + v. Wanted: v·4 + l.
    /// </summary>
    public static void EmitConstants(Assembler a, Label permutation)
    {
        a.Label(ref permutation);
        for (int i = 0; i < 16; i++)
            a.dd(i % 4 * 4 + i / 4);
    }

    /// <summary>One branch a row, always going the same way, costs less than every kernel twice.</summary>
    private static void AddResidual(Assembler a, Tile tile, int row)
    {
        var none = a.CreateLabel();
        a.test(rdx, rdx);
        a.je(none);
        for (int v = 0; v < tile.Vectors; v++)
        {
            a.vpmovzxbd(Zmm(Temporary), __xmmword_ptr[rdx + v * 16]);
            a.vpsubd(Zmm(Temporary), Zmm(Temporary), __dword_bcst[rdi + Field(nameof(ConvArgs.ResidualZeroPoint))]);
            a.vcvtdq2ps(Zmm(Temporary), Zmm(Temporary));
            a.vfmadd231ps(Zmm(tile.Accumulator(row, v)), Zmm(Temporary), __dword_bcst[rdi + Field(nameof(ConvArgs.ResidualScale))]);
        }

        a.Label(ref none);
    }

    private static void Store(Assembler a, Tile tile, int row)
    {
        AssemblerRegisterZMM At(int v) => Zmm(tile.Accumulator(row, v));
        for (int v = 0; v < tile.Vectors; v++)
            a.vcvtps2dq(At(v), At(v)); // The control register's default: nearest even.
        for (int v = 0; v < tile.Vectors; v += 2)
        {
            a.vpackssdw(At(v), At(v), At(Math.Min(v + 1, tile.Vectors - 1)));
            a.vpaddsw(At(v), At(v), Zmm(ZeroPoint));
        }

        var bytes = At(0);
        a.vpackuswb(bytes, bytes, At(tile.Vectors > 2 ? 2 : 0));
        a.vpermd(bytes, Zmm(Permutation), bytes);
        a.vpmaxub(bytes, bytes, Zmm(Low));
        a.vpminub(bytes, bytes, __zmmword_ptr[rdi + Field(nameof(ConvArgs.High))]);
        a.vmovdqu8(__zmmword_ptr[rcx].k1, bytes);
    }
}
