using System.Runtime.CompilerServices;

namespace ResNetEdge.Device.Cameras.Pipelines;

/// <summary>A frame in a pipeline's memory, as the pipeline claims; nothing of it is checked yet.</summary>
internal unsafe struct PipelineSample
{
    /// <summary>Planes that a frame may have here.</summary>
    public const int MostPlanes = 4;

    /// <summary>The pipeline's own handle.</summary>
    public nint Handle;

    /// <summary>Tells capabilities from others: equal means equal.</summary>
    public nint Caps;

    /// <summary>First byte of the memory; null: it could not be read.</summary>
    public byte* Data;

    /// <summary>Bytes of the memory.</summary>
    public ulong Length;

    /// <summary>Where each plane begins and how long its rows are, where the frame says so itself.</summary>
    public PlanePlacement Planes;

    /// <summary>Whether <see cref="Planes"/> holds; else the capabilities imply the placement.</summary>
    public bool HasPlanes;

    /// <summary>The decoder knows that the picture is damaged.</summary>
    public bool IsDamaged;

    /// <summary>How long ago the frame was taken, by the pipeline's clock; null: not known.</summary>
    public TimeSpan? Age;
}

/// <summary>Where planes lie in a frame's memory.</summary>
internal struct PlanePlacement
{
    /// <summary>First byte of each plane.</summary>
    public Offsets Offset;

    /// <summary>Bytes from row to row of each.</summary>
    public Strides Stride;

    /// <summary>A number for each plane.</summary>
    [InlineArray(PipelineSample.MostPlanes)]
    internal struct Offsets
    {
        private ulong _first;
    }

    /// <summary>A number for each plane; negative for pictures that begin at the bottom.</summary>
    [InlineArray(PipelineSample.MostPlanes)]
    internal struct Strides
    {
        private int _first;
    }
}
