namespace ResNetEdge.KernelGenerator;

/// <summary>The registers of a kernel: <paramref name="Rows"/> pixels × <paramref name="Vectors"/>·16 channels of accumulators.</summary>
internal readonly record struct Tile(Element Element, int Rows, int Vectors)
{
    /// <summary>Steps in a block of the inner loop.</summary>
    public const int Unroll = 4;

    public int Accumulators => Rows * Vectors;

    /// <summary>The result is requantised to u8.</summary>
    public bool IsInt8 => Element is Element.Int8 or Element.Int8Bw;

    /// <summary>Bytes of packed weights for one step.</summary>
    public int StepBytes => Vectors * (Element == Element.Int8Bw ? 128 : 64);

    /// <summary>Registers after the accumulators hold the weights of a step, then broadcast activations.</summary>
    public int FirstWeight => Accumulators;

    public int FirstActivation => Accumulators + Vectors;

    public int ActivationRegisters => Math.Min(2, 32 - FirstActivation);

    /// <summary>
    /// A register is left for the distance to the weights wanted next. A single pixel already reads weights as fast as they come: fetching others
    /// meanwhile takes 8 to 27 % longer.
    /// </summary>
    public bool CanPrefetch => Rows > 1 && Rows < Registers.Rows.Length && Vectors > 1;

    /// <summary>The accumulator of a row and vector; the epilogue may use registers 28 to 31.</summary>
    public int Accumulator(int row, int vector) => row * Vectors + vector;

    /// <exception cref="ArgumentException">The tile does not fit the registers.</exception>
    public void Check()
    {
        if (Rows < 1 || Rows > Registers.Rows.Length || Vectors is not (1 or 2 or 4) || Accumulators > 28 || FirstActivation > 31)
            throw new ArgumentException($"{this} does not fit the registers");
    }
}
