namespace ResNetEdge.KernelGenerator.Arm64;

/// <summary>An operand in memory.</summary>
/// <param name="Base">Where the address starts; may be the stack pointer.</param>
/// <param name="Mode">What is added to it, and when.</param>
/// <param name="Offset">The constant, in bytes.</param>
/// <param name="Index">Of <see cref="AddressMode.Register"/> and <see cref="AddressMode.PostRegister"/>.</param>
internal readonly record struct Address(X Base, AddressMode Mode, int Offset, X Index);

/// <summary>How an address is made.</summary>
internal enum AddressMode
{
    /// <summary>Base and a constant.</summary>
    Offset,

    /// <summary>The base, to which a constant is added afterwards.</summary>
    PostIndex,

    /// <summary>The base, to which a constant has been added before.</summary>
    PreIndex,

    /// <summary>The base, to which a register is added afterwards.</summary>
    PostRegister,

    /// <summary>The sum of two registers.</summary>
    Register,
}
