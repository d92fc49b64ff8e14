using ResNetEdge.Backends.Cpu.Emit;

namespace ResNetEdge.Backends.Cpu.Conv.Fp16;

/// <summary>Calls the emitted products in half precision: whole tiles of eight rows, then one of the rest.</summary>
internal static unsafe class HalfProduct
{
    private static ReadOnlySpan<int> Kernels =>
    [
        0, KernelsArm64.HalfConv1, KernelsArm64.HalfConv2, KernelsArm64.HalfConv3, KernelsArm64.HalfConv4, KernelsArm64.HalfConv5,
        KernelsArm64.HalfConv6, KernelsArm64.HalfConv7, KernelsArm64.HalfConv8,
    ];

    /// <summary>Divides a sum's products into chains that are summed in half precision.</summary>
    /// <param name="args">Receives the chains.</param>
    /// <param name="blocks">Of a sum's products, each of eight.</param>
    /// <param name="longest">Blocks of a chain at most.</param>
    public static void Divide(ref HalfConvArgs args, int blocks, int longest)
    {
        int chains = (blocks + longest - 1) / longest;
        args.ChainBlocks = (blocks + chains - 1) / chains;
        args.Chains = chains - 1;
        args.LastBlocks = blocks - args.Chains * args.ChainBlocks;
    }

    /// <summary>Computes a panel for some rows.</summary>
    /// <param name="args">All but the number of tiles; moved along the rows.</param>
    /// <param name="rows">At least 1.</param>
    /// <param name="rowBytes">Of the inputs of a row.</param>
    public static void Run(HalfConvArgs* args, int rows, long rowBytes)
    {
        var (whole, rest) = Math.DivRem(rows, HalfConvArgs.Rows);
        if (whole > 0)
        {
            args->Tiles = whole;
            EmittedArm64.Call(Kernels[HalfConvArgs.Rows], args);
            long done = (long)whole * HalfConvArgs.Rows;
            args->Inputs += done * rowBytes;
            args->Output += done * args->OutputStride;
            args->Residual += done * args->ResidualStride;
        }

        if (rest == 0)
            return;
        args->Tiles = 1;
        EmittedArm64.Call(Kernels[rest], args);
    }
}
