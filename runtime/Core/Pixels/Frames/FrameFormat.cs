using ResNetEdge.Device.Cameras;

namespace ResNetEdge.Pixels.Frames;

/// <summary>How a camera's format becomes rows of pixels.</summary>
/// <param name="Format">Its layout stands in <see cref="FrameLayouts"/>.</param>
/// <param name="Content">What its bytes are.</param>
/// <param name="Order">Of its samples; <see cref="FrameContent.Yuv"/> only.</param>
internal sealed record FrameFormat(FourCc Format, FrameContent Content, YuvOrder Order = default);

/// <summary>What a frame's bytes are.</summary>
internal enum FrameContent
{
    /// <summary>One byte of luma a pixel.</summary>
    Gray,

    /// <summary>Red, green, blue.</summary>
    Rgb,

    /// <summary>Blue, green, red.</summary>
    Bgr,

    /// <summary>Luma and shared chroma.</summary>
    Yuv,

    /// <summary>A JPEG, behind whose end bytes may trail.</summary>
    Jpeg,

    /// <summary>A picture file.</summary>
    File,
}
