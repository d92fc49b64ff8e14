namespace ResNetEdge.KernelGenerator.Arm64;

/// <summary>A general register, 64 bits of it. Number 31 is the stack pointer or zero, as each instruction defines.</summary>
internal readonly record struct X(int Number)
{
    /// <summary>Number 31 where an instruction takes it for the stack pointer.</summary>
    public static X Sp => new(31);

    /// <summary>Number 31 where an instruction takes it for zero.</summary>
    public static X Zero => new(31);

    /// <summary>The link register.</summary>
    public static X Link => new(30);

    /// <summary>Its lower 32 bits; what writes them clears the upper ones.</summary>
    public W W => new(Number);

    /// <summary>Memory at a distance from where the register points.</summary>
    public Address At(int offset) => new(this, AddressMode.Offset, offset, default);

    /// <summary>Memory where the register points, and then moves the register.</summary>
    public Address Then(int bytes) => new(this, AddressMode.PostIndex, bytes, default);

    /// <summary>Memory where the register points, and then moves it by another register; structures only.</summary>
    public Address Then(X bytes) => new(this, AddressMode.PostRegister, 0, bytes);

    /// <summary>Memory where the register points after it has been moved.</summary>
    public Address Before(int bytes) => new(this, AddressMode.PreIndex, bytes, default);

    /// <summary>Memory at the sum of two registers.</summary>
    public Address Plus(X index) => new(this, AddressMode.Register, 0, index);
}
