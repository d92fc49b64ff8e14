using System.Diagnostics.CodeAnalysis;

namespace ResNetEdge.Device.Cameras.Pipelines;

/// <summary>Where a frame's planes lie in the memory that a pipeline gave.</summary>
/// <param name="Start">First byte of the first plane.</param>
/// <param name="Length">Bytes from there to the end.</param>
/// <param name="Stride">Of the first plane; 0 for coded formats.</param>
/// <param name="Chroma">Of the others, counted from <paramref name="Start"/>.</param>
internal readonly record struct FramePlacement(int Start, int Length, int Stride, ChromaPlacement Chroma);

/// <summary>A format and size that a pipeline agreed on, found good; looks at each frame's claims against it.</summary>
internal sealed class PipelineFormat
{
    private readonly PipelineCaps _caps;

    private PipelineFormat(PipelineCaps caps, FrameLayout layout) => (_caps, Layout) = (caps, layout);

    /// <summary>Of the frames.</summary>
    public FrameLayout Layout { get; }

    /// <summary>In pixels.</summary>
    public int Width => _caps.Width;

    /// <summary>In pixels.</summary>
    public int Height => _caps.Height;

    /// <summary>What Y, U and V mean.</summary>
    public YuvColor Color => _caps.Color;

    /// <summary>Checks what a pipeline says of its frames.</summary>
    /// <param name="caps">As the pipeline says.</param>
    /// <param name="format">What frames are checked by.</param>
    /// <param name="fault">Why there can be no such frames.</param>
    public static bool TryMake(PipelineCaps caps, [NotNullWhen(true)] out PipelineFormat? format, [NotNullWhen(false)] out string? fault)
    {
        format = null;
        if (RawFormats.Of(caps.Format) is not { } code || FrameLayouts.Of(code) is not { } layout)
        {
            fault = $"frames of format '{caps.Format}', which is not supported";
            return false;
        }

        if (caps.Width is < 1 or > FrameLayout.MaxSide || caps.Height is < 1 or > FrameLayout.MaxSide)
        {
            fault = $"frames of {caps.Width}x{caps.Height} pixels; each side must be from 1 to {FrameLayout.MaxSide}";
            return false;
        }

        (format, fault) = (new PipelineFormat(caps, layout), null);
        return true;
    }

    /// <summary>Why a frame's claims cannot be true, or null.</summary>
    public unsafe string? Fault(in PipelineSample sample, out FramePlacement place)
    {
        place = default;
        if (sample.Data == null) return "its memory cannot be read";
        if (sample.Length > FrameLayout.MaxBytes) return $"{sample.Length} bytes; at most {FrameLayout.MaxBytes} are supported";
        int length = (int)sample.Length;
        if (Layout.IsCoded)
        {
            place = new FramePlacement(0, length, 0, default);
            return Layout.Fault(Width, Height, 0, length);
        }

        var planes = sample.HasPlanes ? sample.Planes : _caps.Planes;
        for (int i = 0; i <= Layout.ChromaPlanes; i++)
        {
            if (planes.Offset[i] > sample.Length || planes.Offset[i] < planes.Offset[0])
                return $"plane {i} at byte {planes.Offset[i]} of {length}, where the first is at {planes.Offset[0]}";
        }

        if (Layout.ChromaPlanes == 2 && planes.Stride[1] != planes.Stride[2])
            return $"chroma planes with the different strides {planes.Stride[1]} and {planes.Stride[2]}";
        int start = (int)planes.Offset[0];
        var chroma = Layout.ChromaPlanes == 0 ? default : new ChromaPlacement(
            (int)planes.Offset[1] - start, Layout.ChromaPlanes == 2 ? (int)planes.Offset[2] - start : 0, planes.Stride[1]);
        if (Layout.ChromaPlanes > 0 && chroma.IsImplied) return "chroma planes with a stride of 0";
        place = new FramePlacement(start, length - start, planes.Stride[0], chroma);
        return Layout.Fault(Width, Height, place.Stride, place.Length, chroma);
    }
}
