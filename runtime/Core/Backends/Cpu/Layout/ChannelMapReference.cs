using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Layout;

/// <summary>
/// Copies runs of channels that follow each other in both; where there are none, one channel at a time. As fast as memory: no other kernel is needed.
/// </summary>
internal sealed unsafe class ChannelMapReference(ChannelMapProblem problem) : PreparedKernel
{
    private const int WorthACall = 4; // channels

    private readonly Stretch[][] _runs = [.. problem.Map.Chunk(problem.Output.Channels).Select(RunsOf)];

    public override string Name => nameof(ChannelMapReference);

    public override void Run(byte* arena, int part, int parts)
    {
        int height = problem.BlockHeight, width = problem.BlockWidth, size = problem.Type.KernelSize();
        var output = problem.Output;
        var (start, end) = KernelPart.Range(output.Rows, part, parts);
        for (int row = start; row < end; row++)
        {
            int image = row / output.Height, y = row % output.Height;
            byte* from = arena + problem.From.Offset + image * problem.From.ImageStride + (long)(y / height) * problem.From.RowStride;
            byte* to = arena + problem.To.Offset + image * problem.To.ImageStride + (long)y * problem.To.RowStride;
            int first = y % height * width, column = 0;
            for (int x = 0; x < output.Width; x++, to += problem.To.PixelStride)
            {
                int place = first + column;
                if (_runs[place].Length * WorthACall <= output.Channels) Copy(_runs[place], from, to, size);
                else if (size == sizeof(float)) Pick((uint*)from, (uint*)to, place);
                else if (size == sizeof(ushort)) Pick((ushort*)from, (ushort*)to, place);
                else Pick(from, to, place);
                if (++column < width) continue;
                column = 0;
                from += problem.From.PixelStride;
            }
        }
    }

    private static void Copy(Stretch[] runs, byte* from, byte* to, int size)
    {
        foreach (var run in runs)
            Buffer.MemoryCopy(from + run.From * size, to + run.To * size, run.Length * size, run.Length * size);
    }

    private void Pick<T>(T* from, T* to, int place) where T : unmanaged
    {
        int channels = problem.Output.Channels;
        fixed (int* map = &problem.Map[place * channels])
        {
            int c = 0;
            for (; c <= channels - 4; c += 4)
                (to[c], to[c + 1], to[c + 2], to[c + 3]) = (from[map[c]], from[map[c + 1]], from[map[c + 2]], from[map[c + 3]]);
            for (; c < channels; c++) to[c] = from[map[c]];
        }
    }

    private static Stretch[] RunsOf(int[] map)
    {
        var runs = new List<Stretch>();
        for (int c = 0; c < map.Length; c++)
            if (c > 0 && map[c] == map[c - 1] + 1) runs[^1] = runs[^1] with { Length = runs[^1].Length + 1 };
            else runs.Add(new(map[c], c, 1));
        return [.. runs];
    }

    private readonly record struct Stretch(int From, int To, int Length);
}
