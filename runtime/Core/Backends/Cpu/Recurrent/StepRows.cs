namespace ResNetEdge.Backends.Cpu.Recurrent;

/// <summary>One time step of a few sequences in one direction.</summary>
internal unsafe struct StepRows
{
    /// <summary>What the gates get from the inputs; rows are <see cref="GivenPitch"/> floats apart.</summary>
    public float* Given;

    public long GivenPitch;

    /// <summary>Room for the gates; rows are <see cref="SumsPitch"/> floats apart.</summary>
    public float* Sums;

    public long SumsPitch;

    /// <summary>H, [row][hidden]: of the step before, then of this one.</summary>
    public float* Hidden;

    /// <summary>C of an LSTM, likewise.</summary>
    public float* Cell;

    /// <summary>Number of sequences.</summary>
    public int Count;

    /// <summary>Copies so many numbers of each row from the inputs' share to the sums, from the same place on.</summary>
    public readonly void Take(int first, int count)
    {
        for (int row = 0; row < Count; row++)
            new ReadOnlySpan<float>(Given + row * GivenPitch + first, count).CopyTo(new Span<float>(Sums + row * SumsPitch + first, count));
    }
}
