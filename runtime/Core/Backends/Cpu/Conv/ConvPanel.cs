namespace ResNetEdge.Backends.Cpu.Conv;

/// <summary>Output channels that are computed together: one strip of packed weights.</summary>
/// <param name="Group">Group after merging.</param>
/// <param name="First">First output channel.</param>
/// <param name="Count">Output channels, at most <paramref name="Width"/>.</param>
/// <param name="Width">Lanes, a multiple of 16.</param>
/// <param name="Lane">Lanes of all panels before this one: index of its constants.</param>
internal readonly record struct ConvPanel(int Group, int First, int Count, int Width, int Lane)
{
    /// <summary>Cuts the output channels into panels of at most <paramref name="widest"/> lanes: wide ones first, then what wastes least.</summary>
    public static ConvPanel[] Cut(ConvLayout layout, int widest)
    {
        var panels = new List<ConvPanel>();
        int lane = 0;
        for (int group = 0; group < layout.Groups; group++)
        {
            for (int done = 0; done < layout.GroupOutputChannels;)
            {
                int left = layout.GroupOutputChannels - done, width = LanesFor(left, widest);
                panels.Add(new ConvPanel(group, group * layout.GroupOutputChannels + done, Math.Min(left, width), width, lane));
                done += width;
                lane += width;
            }
        }

        return [.. panels];
    }

    /// <summary>Cuts channels into strips of one width, whatever their groups.</summary>
    public static ConvPanel[] Strips(int channels, int width) =>
        [.. Enumerable.Range(0, (channels + width - 1) / width)
            .Select(i => new ConvPanel(0, i * width, Math.Min(width, channels - i * width), width, i * width))];

    /// <summary>64 where at least 49 channels are left, 32 where at least 17 are, else 16.</summary>
    private static int LanesFor(int left, int widest) => Math.Min(widest, left > 48 ? 64 : left > 16 ? 32 : 16);
}
