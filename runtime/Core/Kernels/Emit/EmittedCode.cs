namespace ResNetEdge.Kernels.Emit;

/// <summary>The machine code of the kernels whose instructions .NET lacks, mapped executable on first use.</summary>
internal static class EmittedCode
{
    /// <summary>Null when the code is mapped, else why the system refused.</summary>
    public static string? Refusal => "no machine code in this build";
}
