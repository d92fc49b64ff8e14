namespace ResNetEdge.KernelGenerator.Arm64;

/// <summary>Keeps what the procedure call standard wants back of the vector registers: the lower halves of 8 to 15.</summary>
internal static class SavedVectors
{
    private const int Bytes = 64;

    public static void Save(Arm64Assembler a)
    {
        a.Stp(new V(8).D, new V(9).D, X.Sp.Before(-Bytes));
        for (int i = 1; i < 4; i++)
            a.Stp(new V(8 + 2 * i).D, new V(9 + 2 * i).D, X.Sp.At(16 * i));
    }

    public static void Restore(Arm64Assembler a)
    {
        for (int i = 1; i < 4; i++)
            a.Ldp(new V(8 + 2 * i).D, new V(9 + 2 * i).D, X.Sp.At(16 * i));
        a.Ldp(new V(8).D, new V(9).D, X.Sp.Then(Bytes));
    }
}
