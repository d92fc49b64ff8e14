namespace ResNetEdge.Backends.Cpu.Emit;

/// <summary>Calls the emitted kernels for one panel: tiles of the main height, then the tail's.</summary>
internal static unsafe class EmittedConv
{
    /// <summary>Computes a panel for consecutive pixels.</summary>
    /// <param name="runner">Who executes them.</param>
    /// <param name="args">Everything but <see cref="ConvArgs.Tiles"/>; moved along the pixels.</param>
    /// <param name="pixels">At least 1.</param>
    /// <param name="entries">Kernel offsets by rows.</param>
    /// <param name="width">Lanes of the panel.</param>
    public static void Run(ICodeRunner runner, ConvArgs* args, int pixels, ReadOnlySpan<int> entries, int width)
    {
        Span<TileRun> runs = stackalloc TileRun[TileSet.MostRuns];
        foreach (var run in runs[..TileSet.Cut(pixels, entries, width, runs)])
        {
            args->Tiles = run.Tiles;
            runner.Call(entries[run.Rows], args);
            long done = (long)run.Rows * run.Tiles;
            args->Offsets += done;
            args->Output += done * args->OutputStride;
            args->Residual += done * args->ResidualStride;
        }
    }
}
