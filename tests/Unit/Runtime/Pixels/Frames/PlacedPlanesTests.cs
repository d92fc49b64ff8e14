using ResNetEdge.Device.Cameras;
using ResNetEdge.Pixels.Frames;

namespace ResNetEdge.Tests.Unit.Runtime.Pixels.Frames;

/// <summary>Frames whose chroma planes are anywhere become the same pixels as those laid out as V4L2 does it.</summary>
public sealed unsafe class PlacedPlanesTests
{
    public static TheoryData<string, int, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, int, int>();
            foreach (var layout in FrameLayouts.All.Where(static l => l.ChromaPlanes > 0))
            {
                foreach (var (width, height) in new[] { (1, 1), (7, 5), (16, 2), (33, 9), (130, 17) }) cases.Add($"{layout.Format}", width, height);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Planes_with_gaps_become_the_same_pixels(string name, int width, int height)
    {
        var random = new Random(width + height);
        var layout = FrameLayouts.Of(FourCc.Of(name))!;
        using var plain = new FrameMemory(layout.Format, width, height, 0, random);
        var frame = plain.Frame;
        int stride = frame.Stride, chromaStride = layout.ChromaStride(stride), chromaRows = layout.ChromaRows(height);
        for (int order = 0; order < layout.ChromaPlanes; order++)
        {
            const int gap = 5;
            int wide = stride + 11, wideChroma = chromaStride + 7, planeBytes = wideChroma * chromaRows;
            int nearer = (wide * height) + gap, farther = nearer + planeBytes + gap;
            var chroma = order == 0 ? new ChromaPlacement(nearer, farther, wideChroma) : new ChromaPlacement(farther, nearer, wideChroma);
            var moved = new byte[farther + planeBytes];
            random.NextBytes(moved);
            CopyRows(frame.Data, stride, moved, 0, wide, height);
            CopyRows(frame.Data + layout.ChromaStart(0, stride, height), chromaStride, moved, chroma.First, wideChroma, chromaRows);
            if (layout.ChromaPlanes == 2)
                CopyRows(frame.Data + layout.ChromaStart(1, stride, height), chromaStride, moved, chroma.Second, wideChroma, chromaRows);
            fixed (byte* data = moved)
            {
                var placed = new Frame
                {
                    Data = data,
                    Length = moved.Length,
                    Format = frame.Format,
                    Width = width,
                    Height = height,
                    Stride = wide,
                    Chroma = chroma,
                    Sequence = 0,
                    Time = default,
                    Name = "moved",
                };
                Assert.Equal(Pixels(frame), Pixels(placed));
            }
        }

        void CopyRows(byte* from, int fromStride, byte[] into, int start, int intoStride, int rows)
        {
            for (int y = 0; y < rows; y++) new ReadOnlySpan<byte>(from + (y * fromStride), fromStride).CopyTo(into.AsSpan(start + (y * intoStride)));
        }
    }

    [Fact]
    public void A_snapshot_keeps_where_the_planes_are()
    {
        byte[] bytes = new byte[64];
        bytes.AsSpan(0, 4).Fill(100);
        bytes[40] = 200; // V of the one chroma pair
        bytes[50] = 90; // U
        fixed (byte* data = bytes)
        {
            var frame = new Frame
            {
                Data = data,
                Length = bytes.Length,
                Format = FourCc.Yuv420,
                Width = 2,
                Height = 2,
                Stride = 2,
                Chroma = new ChromaPlacement(50, 40, 3),
                Sequence = 0,
                Time = default,
                Name = "placed",
            };
            using var snapshot = new FrameSnapshot();
            snapshot.Take(frame);
            bytes.AsSpan().Clear();
            byte[]? jpeg = snapshot.ToJpeg(2, out string? whyNot);
            Assert.True(jpeg is not null, whyNot);
            using var picture = new ResNetEdge.Pixels.Picture();
            ResNetEdge.Pixels.PictureReader.Decode("snapshot", jpeg, picture);
            byte[] expected = [213, 54, 21]; // BT.601 of Y 100, U 90, V 200
            for (int c = 0; c < 3; c++) Assert.InRange(picture.Row(0)[c], expected[c] - 8, expected[c] + 8);
        }
    }

    private static byte[] Pixels(in Frame frame)
    {
        using var rows = new FrameRows();
        Assert.Null(rows.Set(frame, FrameFormats.Of(frame.Format)!));
        var pixels = new byte[3 * frame.Width * frame.Height];
        for (int y = 0; y < frame.Height; y++)
            new ReadOnlySpan<byte>(rows.Row(y, 0, frame.Width), 3 * frame.Width).CopyTo(pixels.AsSpan(3 * frame.Width * y));
        return pixels;
    }
}
