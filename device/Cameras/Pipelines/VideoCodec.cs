namespace ResNetEdge.Device.Cameras.Pipelines;

/// <summary>A way to turn coded frames into raw ones.</summary>
/// <param name="Element">Of GStreamer's.</param>
/// <param name="Description">With its settings, and with what brings its frames into ordinary memory, as for gst-launch-1.0.</param>
internal sealed record VideoDecoder(string Element, string Description);

/// <summary>A coding of video, as RTSP cameras send it.</summary>
/// <param name="Name">Of its payload in RTP (encoding-name): <c>H264</c>.</param>
/// <param name="Unpack">Description that makes coded frames of packets.</param>
/// <param name="Decoders">Best first; none: the frames are read here as they are.</param>
internal sealed record VideoCodec(string Name, string Unpack, IReadOnlyList<VideoDecoder> Decoders)
{
    /// <summary>Name of the element in <see cref="Unpack"/> that sees when packets are missing.</summary>
    public const string UnpackName = "unpack";

    /// <summary>Elements that <see cref="Unpack"/> is made of.</summary>
    public IEnumerable<string> Elements => Unpack.Split(" ! ").Select(static e => e.Split(' ')[0]);

    /// <summary>The decoder that is used.</summary>
    /// <param name="has">Whether this machine has an element.</param>
    /// <param name="asked">By name; null: the best that this machine has.</param>
    /// <param name="obstacle">Why there is none, after "the camera sends H264, ".</param>
    public VideoDecoder? Choose(Func<string, bool> has, string? asked, out string? obstacle)
    {
        obstacle = null;
        if (asked is not null)
        {
            if (has(asked)) return Decoders.FirstOrDefault(d => d.Element == asked) ?? new VideoDecoder(asked, asked);
            obstacle = $"and the decoder '{asked}' is not installed here"
                + (ElementPackages.Of(asked) is { } package ? $": apt-get install {package}" : "");
            return null;
        }

        foreach (var decoder in Decoders)
        {
            if (has(decoder.Element)) return decoder;
        }

        // Those before it need hardware as well.
        string last = Decoders[^2].Element;
        obstacle = $"for which no decoder is installed here: apt-get install {ElementPackages.Of(last)} (brings {last})";
        return null;
    }
}
