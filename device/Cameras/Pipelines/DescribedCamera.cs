using ResNetEdge.Device.Native.GStreamer;

namespace ResNetEdge.Device.Cameras.Pipelines;

/// <summary>A pipeline that somebody wrote, as for gst-launch-1.0 and without a sink.</summary>
internal static class DescribedCamera
{
    /// <summary>Whether a name is of the kind: <c>pipeline: v4l2src ! ...</c>.</summary>
    public static bool Knows(string device) => device.StartsWith(PipelineText.Prefix, StringComparison.Ordinal);

    /// <summary>Looks whether the text can be read and its elements are there, without starting them.</summary>
    /// <inheritdoc cref="Open"/>
    public static void Check(CameraRequest request)
    {
        using var builder = Build(request);
    }

    /// <summary>Starts the pipeline.</summary>
    /// <exception cref="EdgeException">Exit 3: the text is wrong. Exit 5: GStreamer or an element is missing.</exception>
    /// <exception cref="CameraException">It does not start.</exception>
    public static PipelineCamera Open(CameraRequest request)
    {
        using var builder = Build(request);
        return builder.Finish();
    }

    private static PipelineBuilder Build(CameraRequest request)
    {
        string text = request.Device.Whole[PipelineText.Prefix.Length..].Trim();
        if (text.Length == 0)
            throw EdgeException.BadInput($"camera '{request.Device}': the pipeline is empty; write it as for gst-launch-1.0, without a sink");
        var library = GstLibrary.Require($"camera '{request.Device}'");
        var builder = new PipelineBuilder(library, request, isFile: false);
        try
        {
            _ = builder.AddDescribed(text);
            return builder;
        }
        catch
        {
            builder.Dispose();
            throw;
        }
    }
}
