namespace ResNetEdge.KernelGenerator.Arm64;

/// <content>Vectors.</content>
internal sealed partial class Arm64Assembler
{
    /// <summary>d += n·m, one rounding.</summary>
    public void Fmla(Vector d, Vector n, Vector m) => Float(0x0E20CC00, 0x0E400C00, d, n, m);

    /// <summary>d -= n·m, one rounding.</summary>
    public void Fmls(Vector d, Vector n, Vector m) => Float(0x0EA0CC00, 0x0EC00C00, d, n, m);

    public void Fadd(Vector d, Vector n, Vector m) => Float(0x0E20D400, 0x0E401400, d, n, m);

    public void Fsub(Vector d, Vector n, Vector m) => Float(0x0EA0D400, 0x0EC01400, d, n, m);

    public void Fdiv(Vector d, Vector n, Vector m) => Float(0x2E20FC00, 0x2E403C00, d, n, m);

    public void Fmul(Vector d, Vector n, Vector m) => Float(0x2E20DC00, 0x2E401C00, d, n, m);

    /// <summary>The larger; a NaN stays one.</summary>
    public void Fmax(Vector d, Vector n, Vector m) => Float(0x0E20F400, 0x0E403400, d, n, m);

    /// <summary>The smaller; a NaN stays one.</summary>
    public void Fmin(Vector d, Vector n, Vector m) => Float(0x0EA0F400, 0x0EC03400, d, n, m);

    /// <summary>d += n·(one element of m). Elements of 16 bits are of registers 0 to 15.</summary>
    public void Fmla(Vector d, Vector n, Lane m) => ByElement(0x0F001000, d, n, m);

    /// <summary>d -= n·(one element of m).</summary>
    public void Fmls(Vector d, Vector n, Lane m) => ByElement(0x0F005000, d, n, m);

    /// <summary>d = n·(one element of m).</summary>
    public void Fmul(Vector d, Vector n, Lane m) => ByElement(0x0F009000, d, n, m);

    /// <summary>d += four products of s8 for each 32 bits; the element of m is four bytes of it.</summary>
    public void Sdot(Vector d, Vector n, Lane m)
    {
        Require(d is { Size: 2, IsWhole: true } && n is { Size: 0, IsWhole: true } && m.Size == 2, "sdot is of .4s, .16b and four bytes");
        Emit(0x4F80E000 | Index(m), d.Number, n.Number, m.Register.Number);
    }

    /// <summary>d += four products of s8 for each 32 bits.</summary>
    public void Sdot(Vector d, Vector n, Vector m)
    {
        Require(d is { Size: 2, IsWhole: true } && n is { Size: 0, IsWhole: true } && Alike(n, n, m), "sdot is of .4s and .16b");
        Emit(0x4E809400, d.Number, n.Number, m.Number);
    }

    /// <summary>float32 of the lower four halves.</summary>
    public void Fcvtl(Vector d, Vector n)
    {
        Require(d is { Size: 2, IsWhole: true } && n is { Size: 1, IsWhole: false }, "fcvtl is of .4s and .4h");
        Emit(0x0E217800, d.Number, n.Number);
    }

    /// <summary>float32 of the upper four halves.</summary>
    public void Fcvtl2(Vector d, Vector n)
    {
        Require(d is { Size: 2, IsWhole: true } && n is { Size: 1, IsWhole: true }, "fcvtl2 is of .4s and .8h");
        Emit(0x4E217800, d.Number, n.Number);
    }

    /// <summary>Halves of four float32, into the lower half; the upper one becomes zero.</summary>
    public void Fcvtn(Vector d, Vector n)
    {
        Require(d is { Size: 1, IsWhole: false } && n is { Size: 2, IsWhole: true }, "fcvtn is of .4h and .4s");
        Emit(0x0E216800, d.Number, n.Number);
    }

    /// <summary>Halves of four float32, into the upper half; the lower one stays.</summary>
    public void Fcvtn2(Vector d, Vector n)
    {
        Require(d is { Size: 1, IsWhole: true } && n is { Size: 2, IsWhole: true }, "fcvtn2 is of .8h and .4s");
        Emit(0x4E216800, d.Number, n.Number);
    }

    /// <summary>All elements become one.</summary>
    public void Dup(Vector d, Lane n)
    {
        Require(d.Size == n.Size, "elements are of one size");
        Emit(0x0E000400 | d.Q << 30 | Field((n.Index * 2 + 1) << n.Size, 5) << 16, d.Number, n.Register.Number);
    }

    /// <summary>All elements become the lower bits of a general register.</summary>
    public void Dup(Vector d, W n)
    {
        Require(d.Size < 3, "32 bits at most");
        Emit(0x0E000C00 | d.Q << 30 | 1u << (16 + d.Size), d.Number, n.Number);
    }

    /// <summary>Every byte becomes a constant.</summary>
    public void Movi(Vector d, byte value)
    {
        Require(d.Size == 0, "movi is of bytes");
        Emit(0x0F00E400 | d.Q << 30 | (uint)(value >> 5) << 16 | (uint)(value & 31) << 5, d.Number);
    }

    public void Eor(Vector d, Vector n, Vector m) => Bits(0x2E201C00, d, n, m);

    public void Mov(V d, V n) => Bits(0x0EA01C00, d.B16, n.B16, n.B16);

    /// <summary>The elements of even number of n, then those of m.</summary>
    public void Uzp1(Vector d, Vector n, Vector m) => Permute(1, d, n, m);

    /// <summary>Elements of even number of n and m in turns.</summary>
    public void Trn1(Vector d, Vector n, Vector m) => Permute(2, d, n, m);

    /// <summary>The lower halves of n and m, elements in turns.</summary>
    public void Zip1(Vector d, Vector n, Vector m) => Permute(3, d, n, m);

    /// <summary>The elements of odd number of n, then those of m.</summary>
    public void Uzp2(Vector d, Vector n, Vector m) => Permute(5, d, n, m);

    /// <summary>Elements of odd number of n and m in turns.</summary>
    public void Trn2(Vector d, Vector n, Vector m) => Permute(6, d, n, m);

    /// <summary>The upper halves of n and m, elements in turns.</summary>
    public void Zip2(Vector d, Vector n, Vector m) => Permute(7, d, n, m);

    private void Float(uint single, uint half, Vector d, Vector n, Vector m)
    {
        Require(d.Size is 1 or 2 && Alike(d, n, m), "operands are of one arrangement, of 16 or 32 bits");
        Emit((d.Size == 1 ? half : single) | d.Q << 30, d.Number, n.Number, m.Number);
    }

    private void ByElement(uint word, Vector d, Vector n, Lane m)
    {
        Require(d.Size is 1 or 2 && Alike(d, n, n) && m.Size == d.Size, "operands are of one element, of 16 or 32 bits");
        Require(m.Size == 2 || m.Register.Number < 16, "an element of 16 bits is of registers 0 to 15");
        Emit(word | d.Q << 30 | (d.Size == 2 ? 1u << 23 : 0) | Index(m), d.Number, n.Number, m.Register.Number);
    }

    /// <summary>The fields H, L and, for 16 bits, M.</summary>
    private static uint Index(Lane m)
    {
        int index = m.Size == 1 ? m.Index : m.Index << 1;
        return (uint)(index >> 2) << 11 | (uint)(index >> 1 & 1) << 21 | (uint)(index & 1) << 20;
    }

    private void Bits(uint word, Vector d, Vector n, Vector m)
    {
        Require(d.Size == 0 && Alike(d, n, m), "operands are bytes");
        Emit(word | d.Q << 30, d.Number, n.Number, m.Number);
    }

    private void Permute(uint opcode, Vector d, Vector n, Vector m)
    {
        Require(Alike(d, n, m), "operands are of one arrangement");
        Emit(0x0E000800 | d.Q << 30 | (uint)d.Size << 22 | opcode << 12, d.Number, n.Number, m.Number);
    }

    private static bool Alike(Vector d, Vector n, Vector m) =>
        d.Size == n.Size && d.Size == m.Size && d.IsWhole == n.IsWhole && d.IsWhole == m.IsWhole;
}
