namespace ResNetEdge.KernelGenerator.Arm64;

/// <summary>A vector register of 128 bits; its views say in the type what an instruction makes of it.</summary>
internal readonly record struct V(int Number)
{
    /// <summary>16 bytes.</summary>
    public Vector B16 => new(this, 0, true);

    /// <summary>8 bytes, the lower half.</summary>
    public Vector B8 => new(this, 0, false);

    /// <summary>8 elements of 16 bits.</summary>
    public Vector H8 => new(this, 1, true);

    /// <summary>4 elements of 16 bits, the lower half.</summary>
    public Vector H4 => new(this, 1, false);

    /// <summary>4 elements of 32 bits.</summary>
    public Vector S4 => new(this, 2, true);

    /// <summary>2 elements of 64 bits.</summary>
    public Vector D2 => new(this, 3, true);

    /// <summary>The lowest 16 bits alone.</summary>
    public Scalar H => new(this, 1);

    /// <summary>The lowest 32 bits alone.</summary>
    public Scalar S => new(this, 2);

    /// <summary>The lowest 64 bits alone.</summary>
    public Scalar D => new(this, 3);

    /// <summary>All 128 bits.</summary>
    public Scalar Q => new(this, 4);
}
