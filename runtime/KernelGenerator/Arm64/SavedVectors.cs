namespace ResNetEdge.KernelGenerator.Arm64;

/// <summary>The lower halves of v8 to v15, which belong to the caller (AAPCS64): on the stack while a kernel uses all registers.</summary>
internal static class SavedVectors
{
    private const int First = 8, Last = 15, Pair = 2 * sizeof(double), Bytes = (Last - First + 1) * sizeof(double);

    /// <summary>The first instructions of a kernel.</summary>
    public static void Save(Arm64Assembler a)
    {
        a.Stp(new V(First).D, new V(First + 1).D, X.Sp.Before(-Bytes));
        for (int i = First + 2; i < Last; i += 2)
            a.Stp(new V(i).D, new V(i + 1).D, X.Sp.At((i - First) / 2 * Pair));
    }

    /// <summary>The last instructions before it returns.</summary>
    public static void Restore(Arm64Assembler a)
    {
        for (int i = First + 2; i < Last; i += 2)
            a.Ldp(new V(i).D, new V(i + 1).D, X.Sp.At((i - First) / 2 * Pair));
        a.Ldp(new V(First).D, new V(First + 1).D, X.Sp.Then(Bytes));
    }
}
