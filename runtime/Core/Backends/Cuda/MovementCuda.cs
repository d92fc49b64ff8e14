using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ResNetEdge.Model;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cuda;

/// <summary>The kernels of Movement.cuh.</summary>
internal static class MovementCuda
{
    private const int Dimensions = 6;

    public static CudaStep SubsamplePad(string name, SubsamplePadProblem p) =>
        CudaStep.ForEach(name, "subsample_pad", p.Output.Elements, new SubsamplePadArguments
        {
            Input = new(p.From),
            Output = new(p.To),
            Sizes = new(p.Output),
            StrideHeight = p.StrideHeight,
            StrideWidth = p.StrideWidth,
            PadFront = p.PadFront,
            InputChannels = p.Input.Channels,
            ZeroPoint = p.ZeroPoint,
            Bytes = p.Type.KernelSize(),
        }, []);

    public static CudaStep ChannelMap(string name, ChannelMapProblem p)
    {
        var constants = new CudaConstants();
        long map = constants.Add<int>(p.Map);
        return CudaStep.ForEach(name, "channel_map", p.Output.Elements, new ChannelMapArguments
        {
            Input = new(p.From),
            Output = new(p.To),
            Sizes = new(p.Output),
            Map = map,
            BlockHeight = p.BlockHeight,
            BlockWidth = p.BlockWidth,
            Bytes = p.Type.KernelSize(),
        }, constants.ToArray());
    }

    public static CudaStep Resize(string name, ResizeProblem p)
    {
        var constants = new CudaConstants();
        return CudaStep.ForEach(name, "resize", p.Output.Elements, new ResizeArguments
        {
            Input = new(p.From),
            Output = new(p.To),
            Sizes = new(p.Output),
            Rows = Add(p.Rows),
            Columns = Add(p.Columns),
            RowTaps = p.Rows.Count,
            ColumnTaps = p.Columns.Count,
            IsCopy = p.IsNearest ? 1 : 0,
            Bytes = p.Type.KernelSize(),
        }, constants.ToArray());

        long Add(ResizeTaps taps) => constants.Add<int>([.. taps.Indices, .. taps.Weights.Select(BitConverter.SingleToInt32Bits)]);
    }

    /// <summary>Whether the copy has few enough dimensions, and elements that 31 bits can number.</summary>
    public static bool Fits(StridedCopyProblem p) => p.Dimensions.Count <= Dimensions && Count(p) <= int.MaxValue - CudaStep.Threads;

    public static CudaStep StridedCopy(string name, StridedCopyProblem p)
    {
        var arguments = new StridedCopyArguments { Input = p.Input, Output = p.Output, Count = (uint)Count(p), Bytes = p.Type.Size() };
        for (int d = 0; d < Dimensions; d++)
        {
            int own = d - (Dimensions - p.Dimensions.Count); // those that are missing are the outermost
            var dimension = own >= 0 ? p.Dimensions[own] : new CopyDimension(1, 0, 0);
            (arguments.From[d], arguments.To[d], arguments.Size[d]) = (dimension.Input, dimension.Output, (uint)dimension.Size);
        }

        return CudaStep.ForEach(name, "strided_copy", Count(p), arguments, []);
    }

    private static long Count(StridedCopyProblem p) => p.Dimensions.Aggregate(1L, static (count, d) => count * d.Size);

    /// <summary>The structure of the same name, field for field.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct SubsamplePadArguments
    {
        public CudaPlace Input, Output;
        public CudaSizes Sizes;
        public int StrideHeight, StrideWidth, PadFront, InputChannels, ZeroPoint, Bytes;
    }

    /// <summary>The structure of the same name, field for field.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct ChannelMapArguments
    {
        public CudaPlace Input, Output;
        public CudaSizes Sizes;
        public long Map;
        public int BlockHeight, BlockWidth, Bytes, Unused;
    }

    /// <summary>The structure of the same name, field for field.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct ResizeArguments
    {
        public CudaPlace Input, Output;
        public CudaSizes Sizes;
        public long Rows, Columns;
        public int RowTaps, ColumnTaps, IsCopy, Bytes;
    }

    /// <summary>The structure of the same name, field for field.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct StridedCopyArguments
    {
        public long Input, Output;
        public Steps6 From, To;
        public Sizes6 Size;
        public uint Count;
        public int Bytes;
    }

    [InlineArray(Dimensions)]
    private struct Steps6
    {
        private long _first;
    }

    [InlineArray(Dimensions)]
    private struct Sizes6
    {
        private uint _first;
    }
}
