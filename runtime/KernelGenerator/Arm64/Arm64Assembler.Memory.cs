namespace ResNetEdge.KernelGenerator.Arm64;

/// <content>Loads and stores.</content>
internal sealed partial class Arm64Assembler
{
    /// <summary>Loads the lowest bits of a vector register; the others become zero.</summary>
    public void Ldr(Scalar t, Address from) => Single(SingleWord(t), 1u << 22, t.Register.Number, t.Size, from);

    /// <summary>Stores the lowest bits of a vector register.</summary>
    public void Str(Scalar t, Address to) => Single(SingleWord(t), 0, t.Register.Number, t.Size, to);

    public void Ldr(X t, Address from) => Single(0xF8000000, 1u << 22, t.Number, 3, from);

    public void Str(X t, Address to) => Single(0xF8000000, 0, t.Number, 3, to);

    public void Ldr(W t, Address from) => Single(0xB8000000, 1u << 22, t.Number, 2, from);

    public void Str(W t, Address to) => Single(0xB8000000, 0, t.Number, 2, to);

    public void Ldp(Scalar t, Scalar u, Address from) => Pair(PairWord(t, u), 1u << 22, t.Register.Number, u.Register.Number, t.Size, from);

    public void Stp(Scalar t, Scalar u, Address to) => Pair(PairWord(t, u), 0, t.Register.Number, u.Register.Number, t.Size, to);

    public void Ldp(X t, X u, Address from) => Pair(0xA8000000, 1u << 22, t.Number, u.Number, 3, from);

    public void Stp(X t, X u, Address to) => Pair(0xA8000000, 0, t.Number, u.Number, 3, to);

    /// <summary>Loads 1 to 4 registers that follow each other, as they lie in memory.</summary>
    /// <param name="t">The first.</param>
    /// <param name="registers">How many.</param>
    /// <param name="from">Without offset, or moved afterwards by all that is loaded or by a register.</param>
    public void Ld1(Vector t, int registers, Address from) => Structure(1u << 22, t, registers, from);

    /// <summary>Stores 1 to 4 registers that follow each other.</summary>
    public void St1(Vector t, int registers, Address to) => Structure(0, t, registers, to);

    /// <summary>Loads one element and leaves the others.</summary>
    public void Ld1(Lane t, Address from) => Element(1u << 22, t, from);

    /// <summary>Stores one element.</summary>
    public void St1(Lane t, Address to) => Element(0, t, to);

    /// <summary>Loads one element into all.</summary>
    public void Ld1r(Vector t, Address from)
    {
        uint word = 0x0D40C000 | t.Q << 30 | (uint)t.Size << 10;
        Emit(word | PostIndex(from, 1 << t.Size), t.Number, from.Base.Number);
    }

    /// <summary>Fetches a line into the first cache.</summary>
    public void Prfm(Address from)
    {
        Require(from.Mode == AddressMode.Offset, "a line is fetched from a base and an offset");
        Emit(0xF9800000 | Field(Scaled(from.Offset, 3), 12) << 10, 0, from.Base.Number);
    }

    private static uint SingleWord(Scalar t) => t.Size == 4 ? 0x3C800000 : (uint)t.Size << 30 | 0x3C000000;

    private static uint PairWord(Scalar t, Scalar u)
    {
        Require(t.Size == u.Size && t.Size >= 2, "a pair is of two registers of 32, 64 or 128 bits");
        return 0x2C000000 | (uint)(t.Size - 2) << 30;
    }

    private void Single(uint word, uint load, int t, int size, Address at)
    {
        word |= load;
        switch (at.Mode)
        {
            case AddressMode.Offset:
                Emit(word | 1u << 24 | Field(Scaled(at.Offset, size), 12) << 10, t, at.Base.Number);
                break;
            case AddressMode.Register:
                Emit(word | 0x206800, t, at.Base.Number, at.Index.Number);
                break;
            case AddressMode.PostRegister:
                throw new ArgumentException("only structures move their base by a register");
            default:
                Emit(word | (at.Mode == AddressMode.PreIndex ? 0xC00u : 0x400) | Signed(at.Offset, 9) << 12, t, at.Base.Number);
                break;
        }
    }

    private void Pair(uint word, uint load, int t, int u, int size, Address at)
    {
        uint mode = at.Mode switch
        {
            AddressMode.Offset => 2u << 23,
            AddressMode.PreIndex => 3u << 23,
            AddressMode.PostIndex => 1u << 23,
            _ => throw new ArgumentException("a pair has an offset, before, after or without moving its base"),
        };
        Emit(word | mode | load | Signed(Scaled(at.Offset, size), 7) << 15 | Field(u, 5) << 10, t, at.Base.Number);
    }

    private void Structure(uint load, Vector t, int registers, Address at)
    {
        uint opcode = registers switch { 1 => 7, 2 => 10, 3 => 6, 4 => 2, _ => throw new ArgumentOutOfRangeException(nameof(registers)) };
        uint word = 0x0C000000 | t.Q << 30 | load | opcode << 12 | (uint)t.Size << 10;
        Emit(word | PostIndex(at, registers * (t.IsWhole ? 16 : 8)), t.Number, at.Base.Number);
    }

    private void Element(uint load, Lane t, Address at)
    {
        Require(t.Size is 1 or 2 or 3, "an element of 16, 32 or 64 bits");
        var (opcode, size, bits) = t.Size switch
        {
            1 => (2u, 0u, t.Index << 1),
            2 => (4u, 0u, t.Index << 2),
            _ => (4u, 1u, t.Index << 3),
        };
        // The index lies in Q, S and what of the size field is free.
        uint index = (uint)(bits >> 3) << 30 | (uint)(bits >> 2 & 1) << 12 | (uint)(bits & 3) << 10;
        Emit(0x0D000000 | load | opcode << 13 | size << 10 | index | PostIndex(at, 1 << t.Size), t.Register.Number, at.Base.Number);
    }

    /// <summary>The fields for no offset, or for one that is exactly what is moved.</summary>
    private static uint PostIndex(Address at, int bytes)
    {
        if (at.Mode == AddressMode.PostIndex)
        {
            Require(at.Offset == bytes, $"the base moves by {bytes}, not {at.Offset}");
            return 1u << 23 | (uint)Zero << 16;
        }

        if (at.Mode == AddressMode.PostRegister)
        {
            Require(at.Index.Number != Zero, "register 31 stands for what is moved");
            return 1u << 23 | Field(at.Index.Number, 5) << 16;
        }

        Require(at.Mode == AddressMode.Offset && at.Offset == 0, "structures have no offset");
        return 0;
    }
}
