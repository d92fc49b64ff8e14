namespace ResNetEdge.Backends.Cpu.Conv;

/// <summary>A part of the products of every output element, small enough that the activations of a block of pixels stay in the first cache.</summary>
/// <param name="FirstTap">First tap.</param>
/// <param name="Taps">Taps; more than one only where they are whole.</param>
/// <param name="Start">First element of each tap, a multiple of four.</param>
/// <param name="Length">Elements of each tap, a multiple of four.</param>
internal readonly record struct ConvStretch(int FirstTap, int Taps, int Start, int Length)
{
    /// <summary>Products of an output element.</summary>
    public int Products => Taps * Length;

    /// <summary>Cuts taps into equal stretches of whole taps, or a long tap into pieces that are multiples of <paramref name="unit"/>.</summary>
    /// <param name="taps">Taps of the kernel.</param>
    /// <param name="pitch">Elements of a tap, a multiple of four.</param>
    /// <param name="most">Products of a stretch at most.</param>
    /// <param name="unit">What a long tap is cut into.</param>
    public static ConvStretch[] Cut(int taps, int pitch, int most, int unit)
    {
        var stretches = new List<ConvStretch>();
        if (pitch <= most)
        {
            int count = (taps + most / pitch - 1) / (most / pitch), each = (taps + count - 1) / count;
            for (int tap = 0; tap < taps; tap += each)
                stretches.Add(new ConvStretch(tap, Math.Min(each, taps - tap), 0, pitch));
            return [.. stretches];
        }

        int pieces = (pitch + most - 1) / most, piece = ((pitch + pieces - 1) / pieces + unit - 1) / unit * unit;
        for (int tap = 0; tap < taps; tap++)
        {
            for (int start = 0; start < pitch; start += piece)
                stretches.Add(new ConvStretch(tap, 1, start, Math.Min(piece, pitch - start)));
        }

        return [.. stretches];
    }
}
