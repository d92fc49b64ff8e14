using Iced.Intel;
using ResNetEdge.Backends.Cpu.Emit;
using static Iced.Intel.AssemblerRegisters;
using static ResNetEdge.KernelGenerator.Registers;

namespace ResNetEdge.KernelGenerator;

/// <summary>
/// Requantises finished sums, docs/int8-arithmetic.md: <see cref="ScaleStep"/>; f = fma(r - zr, sr, f) if there is a residual;
/// rounded to nearest even, saturated to s16, + zero point saturated, saturated to u8, clamped.
/// </summary>
/// <remarks>
/// Four vectors of sums become one of 64 bytes: a pixel of a wide panel, two or four pixels of a narrow one. Each pixel's store is as wide as its
/// panel: a wider one, though masked, would reach into the next pixel, whose residual could then not be read before the store has left for the cache.
/// Where <see cref="ConvArgs.IsPlain"/> says so, a second copy leaves out the steps that change nothing: after a ReLU all zero points are zero, and
/// the saturating packs clamp. rdi: arguments; rcx, rdx: output and residual of the tile, moved to the next tile's.
/// </remarks>
internal static class Int8Epilogue
{
    private const int Pack = 4, ZeroPoint = 28, Low = 29, Permutation = 30, Temporary = 31;

    public static void Emit(Assembler a, Tile tile, Label permutation)
    {
        Label general = a.CreateLabel(), done = a.CreateLabel();
        a.mov(rax, __qword_ptr[rdi + Field(nameof(ConvArgs.Multiplier))]);
        a.mov(rsi, __qword_ptr[rdi + Field(nameof(ConvArgs.OutputStride))]);
        a.mov(r8, __qword_ptr[rdi + Field(nameof(ConvArgs.ResidualStride))]);
        a.vmovdqu32(Zmm(Permutation), __zmmword_ptr[permutation]);
        a.cmp(__dword_ptr[rdi + Field(nameof(ConvArgs.IsPlain))], 0);
        a.je(general);
        Rows(a, tile, isPlain: true);
        a.jmp(done);
        a.Label(ref general);
        a.vpbroadcastw(Zmm(ZeroPoint), __word_ptr[rdi + Field(nameof(ConvArgs.OutputZeroPoint))]);
        a.vpbroadcastb(Zmm(Low), __byte_ptr[rdi + Field(nameof(ConvArgs.Low))]);
        Rows(a, tile, isPlain: false);
        a.Label(ref done);
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

    private static void Rows(Assembler a, Tile tile, bool isPlain)
    {
        int rowsOfPack = Pack / tile.Vectors;
        for (int row = 0; row < tile.Rows; row += rowsOfPack)
        {
            int rows = Math.Min(rowsOfPack, tile.Rows - row), first = tile.Accumulator(row, 0), count = rows * tile.Vectors;
            AssemblerMemoryOperand Multiplier(int sum) => __zmmword_ptr[rax + (sum - first) % tile.Vectors * 64];
            ScaleStep.Emit(a, [.. Enumerable.Range(first, count)], Temporary,
                sum => a.vmulps(Zmm(sum), Zmm(sum), Multiplier(sum)),
                (sum, rounding) => a.vfmadd132ps(Zmm(sum), rounding, Multiplier(sum)));
            AddResidual(a, tile, row, rows, isPlain);
            Narrow(a, first, count, isPlain);
            for (int r = 0; r < rows; r++)
            {
                Store(a, tile.Vectors, first, r);
                a.add(rcx, rsi);
            }
        }
    }

    /// <summary>One branch a pack, always going the same way, costs less than every kernel twice.</summary>
    private static void AddResidual(Assembler a, Tile tile, int row, int rows, bool isPlain)
    {
        var none = a.CreateLabel();
        a.test(rdx, rdx);
        a.je(none);
        for (int m = row; m < row + rows; m++)
        {
            for (int v = 0; v < tile.Vectors; v++)
            {
                a.vpmovzxbd(Zmm(Temporary), __xmmword_ptr[rdx + v * 16]);
                if (!isPlain)
                    a.vpsubd(Zmm(Temporary), Zmm(Temporary), __dword_bcst[rdi + Field(nameof(ConvArgs.ResidualZeroPoint))]);
                a.vcvtdq2ps(Zmm(Temporary), Zmm(Temporary));
                a.vfmadd231ps(Zmm(tile.Accumulator(m, v)), Zmm(Temporary), __dword_bcst[rdi + Field(nameof(ConvArgs.ResidualScale))]);
            }

            a.add(rdx, r8);
        }

        a.Label(ref none);
    }

    /// <summary>Up to four vectors from <paramref name="first"/> on become bytes in the first of them.</summary>
    private static void Narrow(Assembler a, int first, int count, bool isPlain)
    {
        for (int i = 0; i < count; i++)
            a.vcvtps2dq(Zmm(first + i), Zmm(first + i)); // The control register's default: nearest even.
        for (int i = 0; i < count; i += 2)
        {
            a.vpackssdw(Zmm(first + i), Zmm(first + i), Zmm(first + Math.Min(i + 1, count - 1)));
            if (!isPlain)
                a.vpaddsw(Zmm(first + i), Zmm(first + i), Zmm(ZeroPoint));
        }

        var bytes = Zmm(first);
        a.vpackuswb(bytes, bytes, Zmm(count > 2 ? first + 2 : first));
        a.vpermd(bytes, Zmm(Permutation), bytes);
        if (isPlain)
            return;
        a.vpmaxub(bytes, bytes, Zmm(Low));
        a.vpminub(bytes, bytes, __zmmword_ptr[rdi + Field(nameof(ConvArgs.High))]);
    }

    /// <summary>Row <paramref name="row"/> of a pack: that many times its width into the vector.</summary>
    private static void Store(Assembler a, int vectors, int pack, int row)
    {
        switch (vectors)
        {
            case 4:
                a.vmovdqu8(__zmmword_ptr[rcx].k1, Zmm(pack));
                break;
            case 2:
                if (row > 0)
                    a.vextracti32x8(Ymm(Temporary), Zmm(pack), (byte)row);
                a.vmovdqu8(__ymmword_ptr[rcx].k1, Ymm(row > 0 ? Temporary : pack));
                break;
            default:
                if (row > 0)
                    a.vextracti32x4(Xmm(Temporary), Zmm(pack), (byte)row);
                a.vmovdqu8(__xmmword_ptr[rcx].k1, Xmm(row > 0 ? Temporary : pack));
                break;
        }
    }
}
