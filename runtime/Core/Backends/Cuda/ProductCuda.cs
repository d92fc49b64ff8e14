using System.Runtime.InteropServices;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cuda;

/// <summary>The kernels of Product.cuh and Attention.cuh.</summary>
internal static class ProductCuda
{
    private const int Tile = 64, MostRowsOfBlocks = 65535, MostKeys = 4096;

    public static bool Fits(MatMulFp32Problem p) =>
        p.Products.Count <= MostRowsOfBlocks && Blocks(p.M) * Blocks(p.N) <= int.MaxValue;

    /// <summary>Whether the scores of a query have room beside each other.</summary>
    public static bool Fits(AttentionFp32Problem p) => p.Keys <= MostKeys && p.Heads.Count <= MostRowsOfBlocks;

    public static CudaStep MatMul(string name, MatMulFp32Problem p)
    {
        var constants = new CudaConstants();
        var arguments = new MatMulArguments
        {
            Left = p.Left,
            Right = p.Right,
            Output = p.Output,
            LeftRow = p.LeftRow,
            RightRow = p.RightRow,
            RightColumn = p.RightColumn,
            OutputRow = p.OutputRow,
            Products = constants.Add<long>([.. p.Products.SelectMany(static t => (long[])[t.Left, t.Right, t.Output])]),
            M = p.M,
            N = p.N,
            K = p.K,
            Columns = (int)Blocks(p.N),
        };
        var blocks = ((uint)(Blocks(p.M) * Blocks(p.N)), (uint)p.Products.Count);
        return new(name, "matmul_fp32", blocks, CudaStep.Bytes(arguments), constants.ToArray());
    }

    public static CudaStep Attention(string name, AttentionFp32Problem p)
    {
        var constants = new CudaConstants();
        var arguments = new AttentionArguments
        {
            Query = p.Query,
            Key = p.Key,
            Value = p.Value,
            Mask = p.Mask ?? 0,
            Output = p.Output,
            QueryRow = p.QueryRow,
            KeyRow = p.KeyRow,
            KeyElement = p.KeyElement,
            ValueRow = p.ValueRow,
            MaskRow = p.MaskRow,
            OutputRow = p.OutputRow,
            Heads = constants.Add<long>([.. p.Heads.SelectMany(static h => (long[])[h.Query, h.Key, h.Value, h.Mask, h.Output])]),
            Keys = p.Keys,
            Depth = p.Depth,
            ValueDepth = p.ValueDepth,
            HasMask = p.Mask is null ? 0 : 1,
            Scale = p.Scale,
        };
        return new(name, "attention_fp32", ((uint)p.Queries, (uint)p.Heads.Count), CudaStep.Bytes(arguments), constants.ToArray());
    }

    private static long Blocks(int elements) => ((long)elements + Tile - 1) / Tile;

    /// <summary>The structure of the same name, field for field.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct MatMulArguments
    {
        public long Left, Right, Output;
        public long LeftRow, RightRow, RightColumn, OutputRow;
        public long Products;
        public int M, N, K, Columns;
    }

    /// <summary>The structure of the same name, field for field.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct AttentionArguments
    {
        public long Query, Key, Value, Mask, Output;
        public long QueryRow, KeyRow, KeyElement, ValueRow, MaskRow, OutputRow;
        public long Heads;
        public int Keys, Depth, ValueDepth, HasMask;
        public float Scale;
        public int Unused;
    }
}
