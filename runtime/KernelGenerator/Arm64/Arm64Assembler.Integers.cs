namespace ResNetEdge.KernelGenerator.Arm64;

/// <content>Whole numbers in vectors.</content>
internal sealed partial class Arm64Assembler
{
    /// <summary>d = the products of the lower eight s8, in 16 bits.</summary>
    public void Smull(Vector d, Vector n, Vector m) => Long(0x0E20C000, false, d, n, m);

    /// <summary>d += the products of the lower eight s8.</summary>
    public void Smlal(Vector d, Vector n, Vector m) => Long(0x0E208000, false, d, n, m);

    /// <summary>d += the products of the upper eight s8.</summary>
    public void Smlal2(Vector d, Vector n, Vector m) => Long(0x0E208000, true, d, n, m);

    /// <summary>d += the lower four s16 of n times one element of m, which is of registers 0 to 15, in 32 bits.</summary>
    public void Smlal(Vector d, Vector n, Lane m) => LongByElement(false, d, n, m);

    /// <summary>d += the upper four s16 of n times one element of m.</summary>
    public void Smlal2(Vector d, Vector n, Lane m) => LongByElement(true, d, n, m);

    /// <summary>d += sums of neighbours, s16 in 32 bits.</summary>
    public void Sadalp(Vector d, Vector n)
    {
        Require(d is { Size: 2, IsWhole: true } && n is { Size: 1, IsWhole: true }, "sadalp is of .4s and .8h");
        Emit(0x4E606800, d.Number, n.Number);
    }

    /// <summary>Sums of neighbours of n, then of m.</summary>
    public void Addp(Vector d, Vector n, Vector m) => Integers(0x4EA0BC00, d, n, m);

    /// <summary>d = n + m.</summary>
    public void Add(Vector d, Vector n, Vector m) => Integers(0x4EA08400, d, n, m);

    private void Integers(uint word, Vector d, Vector n, Vector m)
    {
        Require(d is { Size: 2, IsWhole: true } && Alike(d, n, m), "operands are .4s");
        Emit(word, d.Number, n.Number, m.Number);
    }

    private void Long(uint word, bool upper, Vector d, Vector n, Vector m)
    {
        Require(d is { Size: 1, IsWhole: true }, "products are .8h");
        Require(n.Size == 0 && n.IsWhole == upper && Alike(n, n, m), "factors are .8b or the upper half of .16b");
        Emit(word | n.Q << 30, d.Number, n.Number, m.Number);
    }

    private void LongByElement(bool upper, Vector d, Vector n, Lane m)
    {
        Require(d is { Size: 2, IsWhole: true }, "products are .4s");
        Require(n.Size == 1 && n.IsWhole == upper && m.Size == 1, "factors are .4h or the upper half of .8h");
        Require(m.Register.Number < 16, "an element of 16 bits is of registers 0 to 15");
        Emit(0x0F402000 | n.Q << 30 | Index(m), d.Number, n.Number, m.Register.Number);
    }
}
