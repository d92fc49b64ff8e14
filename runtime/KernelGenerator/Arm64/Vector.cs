namespace ResNetEdge.KernelGenerator.Arm64;

/// <summary>A vector register seen as elements.</summary>
/// <param name="Register">Which register.</param>
/// <param name="Size">Logarithm of an element's bytes.</param>
/// <param name="IsWhole">128 bits, otherwise the lower 64.</param>
internal readonly record struct Vector(V Register, int Size, bool IsWhole)
{
    public int Number => Register.Number;

    /// <summary>The field Q of most vector instructions.</summary>
    public uint Q => IsWhole ? 1u : 0;

    /// <summary>One element.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The register has no such element.</exception>
    public Lane this[int index] => index >= 0 && index < 16 >> Size
        ? new Lane(Register, Size, index) : throw new ArgumentOutOfRangeException(nameof(index));
}

/// <summary>One element of a vector register.</summary>
/// <param name="Register">Which register.</param>
/// <param name="Size">Logarithm of its bytes.</param>
/// <param name="Index">Counted from the lowest.</param>
internal readonly record struct Lane(V Register, int Size, int Index);

/// <summary>The lowest bits of a vector register, as loads and stores of one register move them.</summary>
/// <param name="Register">Which register.</param>
/// <param name="Size">Logarithm of the bytes.</param>
internal readonly record struct Scalar(V Register, int Size);
