namespace ResNetEdge.KernelGenerator.Arm64;

/// <content>General registers and branches.</content>
internal sealed partial class Arm64Assembler
{
    private const int Zero = 31;

    /// <summary>d = n + value; either may be the stack pointer.</summary>
    public void Add(X d, X n, int value) => AddImmediate(0x91000000, d, n, value);

    /// <summary>d = n - value; either may be the stack pointer.</summary>
    public void Sub(X d, X n, int value) => AddImmediate(0xD1000000, d, n, value);

    /// <summary>d = n - value, which sets the flags.</summary>
    public void Subs(X d, X n, int value) => AddImmediate(0xF1000000, d, n, value);

    /// <summary>Sets the flags as n - value does.</summary>
    public void Cmp(X n, int value) => Subs(X.Zero, n, value);

    /// <summary>d = n + (m &lt;&lt; shift).</summary>
    public void Add(X d, X n, X m, int shift = 0) => Shifted(0x8B000000, d, n, m, shift);

    /// <summary>d = n - (m &lt;&lt; shift).</summary>
    public void Sub(X d, X n, X m, int shift = 0) => Shifted(0xCB000000, d, n, m, shift);

    /// <summary>d = n - (m &lt;&lt; shift), which sets the flags.</summary>
    public void Subs(X d, X n, X m, int shift = 0) => Shifted(0xEB000000, d, n, m, shift);

    /// <summary>Sets the flags as n - m does.</summary>
    public void Cmp(X n, X m) => Subs(X.Zero, n, m);

    /// <summary>d = n + m, of which 32 bits count, without sign.</summary>
    public void Add(X d, X n, W m) => Emit(0x8B204000, d.Number, n.Number, m.Number);

    /// <summary>d = n·m.</summary>
    public void Mul(X d, X n, X m) => Emit(0x9B000000 | Zero << 10, d.Number, n.Number, m.Number);

    /// <summary>d = a + n·m.</summary>
    public void Madd(X d, X n, X m, X a) => Emit(0x9B000000 | Field(a.Number, 5) << 10, d.Number, n.Number, m.Number);

    /// <summary>d = n &lt;&lt; bits.</summary>
    public void Lsl(X d, X n, int bits) => Emit(0xD3400000 | Field((64 - bits) & 63, 6) << 16 | Field(63 - bits, 6) << 10, d.Number, n.Number);

    /// <summary>d = n &gt;&gt; bits, without sign.</summary>
    public void Lsr(X d, X n, int bits) => Emit(0xD340FC00 | Field(bits, 6) << 16, d.Number, n.Number);

    /// <summary>d = n.</summary>
    public void Mov(X d, X n) => Emit(0xAA000000, d.Number, Zero, n.Number);

    /// <summary>d = value.</summary>
    /// <param name="value">0 .. 65,535.</param>
    public void Mov(X d, int value) => Emit(0xD2800000 | Field(value, 16) << 5, d.Number);

    /// <summary>d = condition ? n : m.</summary>
    public void Csel(X d, X n, X m, Condition condition) => Emit(0x9A800000 | (uint)condition << 12, d.Number, n.Number, m.Number);

    public void B(Label label) => Branch(0x14000000, label, 0, 26);

    public void B(Condition condition, Label label) => Branch(0x54000000 | (uint)condition, label, 5, 19);

    /// <summary>Branches when the register is zero.</summary>
    public void Cbz(X n, Label label) => Branch(0xB4000000 | Field(n.Number, 5), label, 5, 19);

    /// <summary>Branches unless the register is zero.</summary>
    public void Cbnz(X n, Label label) => Branch(0xB5000000 | Field(n.Number, 5), label, 5, 19);

    /// <summary>Branches when a bit of the register is zero.</summary>
    public void Tbz(X n, int bit, Label label) => Branch(0x36000000 | TestBit(n, bit), label, 5, 14);

    /// <summary>Branches when a bit of the register is one.</summary>
    public void Tbnz(X n, int bit, Label label) => Branch(0x37000000 | TestBit(n, bit), label, 5, 14);

    /// <summary>d = the address of a label.</summary>
    public void Adr(X d, Label label)
    {
        // In bytes, with the two lowest bits, which are zero of instructions, in a field of their own.
        Branch(0x10000000 | Field(d.Number, 5), label, 5, 19);
    }

    /// <summary>Jumps where the register points.</summary>
    public void Br(X n) => Emit(0xD61F0000, 0, n.Number);

    public void Ret() => Emit(0xD65F0000, 0, X.Link.Number);

    private static uint TestBit(X n, int bit) => Field(n.Number, 5) | Field(bit & 31, 5) << 19 | Field(bit >> 5, 1) << 31;

    private void AddImmediate(uint word, X d, X n, int value)
    {
        bool high = value >= 1 << 12;
        Emit(word | (high ? 1u << 22 : 0) | Field(high ? Scaled(value, 12) : value, 12) << 10, d.Number, n.Number);
    }

    private void Shifted(uint word, X d, X n, X m, int shift) => Emit(word | Field(shift, 6) << 10, d.Number, n.Number, m.Number);

    private void Branch(uint word, Label label, int shift, int bits)
    {
        _branches.Add((_words.Count, label, shift, bits));
        _words.Add(word);
    }
}
