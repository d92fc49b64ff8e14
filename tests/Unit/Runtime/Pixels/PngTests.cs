using ResNetEdge.Tests.Data;

namespace ResNetEdge.Tests.Unit.Runtime.Pixels;

public class PngTests
{
    private const int Gray = 0;
    private const int Rgb = 2;
    private const int Palette = 3;

    /// <summary>Color type, depth and interlace: all that PNG has.</summary>
    public static TheoryData<int, int, bool> Kinds
    {
        get
        {
            var kinds = new TheoryData<int, int, bool>();
            foreach (bool interlaced in new[] { false, true })
            {
                foreach (int depth in new[] { 1, 2, 4, 8, 16 })
                {
                    kinds.Add(Gray, depth, interlaced);
                    if (depth <= 8)
                    {
                        kinds.Add(Palette, depth, interlaced);
                    }

                    if (depth >= 8)
                    {
                        kinds.Add(Rgb, depth, interlaced);
                        kinds.Add(4, depth, interlaced);
                        kinds.Add(6, depth, interlaced);
                    }
                }
            }

            return kinds;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_gives_back_its_samples(int color, int depth, bool interlaced)
    {
        var random = new Random((color * 100) + depth);
        for (int width = 1; width <= 19; width += 3)
        {
            for (int height = 1; height <= 10; height += 3)
            {
                int coded = color switch { Rgb => 3, 4 => 2, 6 => 4, _ => 1 };
                int[] samples = new int[width * height * coded];
                for (int i = 0; i < samples.Length; i++)
                {
                    samples[i] = random.Next(1 << depth);
                }

                byte[] palette = new byte[3 << Math.Min(depth, 8)];
                random.NextBytes(palette);
                byte[] file = PngMaker.Make(width, height, color, depth, samples, color == Palette ? palette : null, interlaced, _ => random.Next(5));

                var expected = new List<byte>();
                for (int i = 0; i < samples.Length; i += coded)
                {
                    if (color == Palette)
                    {
                        expected.AddRange(palette.AsSpan(samples[i] * 3, 3));
                    }
                    else
                    {
                        int kept = coded >= 3 ? 3 : 1;
                        expected.AddRange(samples.Skip(i).Take(kept).Select(s => (byte)(depth == 16 ? s >> 8 : s * 255 / ((1 << depth) - 1))));
                    }
                }

                (int gotWidth, int gotHeight, int channels, byte[] pixels) = Decoding.Decode(file);
                Assert.Equal((width, height, color is Gray or 4 ? 1 : 3), (gotWidth, gotHeight, channels));
                Assert.Equal(expected, pixels);
            }
        }
    }

    [Theory]
    [InlineData(Rgb, 8, false)]
    [InlineData(Palette, 4, true)]
    public void Cut_or_changed_files_are_refused_or_decoded(int color, int depth, bool interlaced)
    {
        int[] samples = [.. Enumerable.Range(0, 9 * 7 * (color == Rgb ? 3 : 1)).Select(i => i * 7 % (1 << depth))];
        Decoding.Fuzz(PngMaker.Make(9, 7, color, depth, samples, color == Palette ? new byte[48] : null, interlaced, y => y % 5), seed: 17);
    }

    [Fact]
    public void Damage_behind_right_checksums_is_refused_or_decoded()
    {
        var random = new Random(18);
        int decoded = 0;
        for (int i = 0; i < 3000; i++)
        {
            byte[] rows = new byte[random.Next(1, 400)];
            random.NextBytes(rows);
            byte[] data = PngMaker.Zlib(rows);
            if (i % 2 == 0)
            {
                data[random.Next(data.Length)] ^= (byte)(1 << random.Next(8));
            }

            (int color, int depth) = (new[] { 0, 2, 3, 4, 6 }[random.Next(5)], 1 << random.Next(5));
            byte[] file =
                PngMaker.File(random.Next(1, 40), random.Next(1, 8), color, depth, random.Next(2) == 0, data, new byte[3 * random.Next(1, 257)]);
            decoded += Decoding.DecodesOrRefuses(file) ? 1 : 0;
        }

        Assert.InRange(decoded, 1, 2999);
    }

    [Fact]
    public void A_picture_of_30000_by_30000_is_refused_before_memory_is_taken()
    {
        byte[] file = PngMaker.File(30_000, 30_000, Rgb, 8, false, PngMaker.Zlib(new byte[1000]));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("30000x30000", Decoding.Refused(file).Message, StringComparison.Ordinal);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 100_000);
    }

    [Theory]
    [InlineData(0u, 5u)]
    [InlineData(5u, 0u)]
    [InlineData(uint.MaxValue, 1u)]
    [InlineData(1u, uint.MaxValue)]
    [InlineData(uint.MaxValue, uint.MaxValue)]
    public void Impossible_sizes_are_refused(uint width, uint height)
        => Assert.Contains($"{width}x{height}", Decoding.Refused(PngMaker.File(width, height, Gray, 8, false, PngMaker.Zlib([0, 0]))).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Fewer_rows_than_claimed_are_refused()
        => Assert.Contains(
            "end too early", Decoding.Refused(PngMaker.File(4, 3, Gray, 8, false, PngMaker.Zlib(new byte[14]))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_million_times_more_data_than_claimed_is_not_inflated()
    {
        byte[] bomb = PngMaker.Zlib(new byte[64 << 20]);
        Assert.Equal(new byte[12], Decoding.Decode(PngMaker.File(4, 3, Gray, 8, false, bomb)).Pixels);
    }

    [Fact]
    public void Color_outside_the_palette_is_refused()
        => Assert.Contains("palette", Decoding.Refused(PngMaker.Make(2, 1, Palette, 8, [0, 5], new byte[9])).Message, StringComparison.Ordinal);

    [Fact]
    public void Missing_palette_is_refused()
        => Assert.Contains("palette is missing", Decoding.Refused(PngMaker.Make(1, 1, Palette, 8, [0])).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(1, 8)]
    [InlineData(5, 8)]
    [InlineData(7, 8)]
    [InlineData(Rgb, 4)]
    [InlineData(Palette, 16)]
    [InlineData(Gray, 3)]
    [InlineData(Gray, 32)]
    public void Kinds_that_png_has_not_are_refused(int color, int depth)
        => Assert.Contains("no such combination", Decoding.Refused(PngMaker.File(1, 1, color, depth, false, PngMaker.Zlib(new byte[99]))).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Wrong_checksum_is_refused()
    {
        byte[] file = PngMaker.Make(3, 3, Gray, 8, new int[9]);
        file[^1] ^= 1;
        Assert.Contains("checksum", Decoding.Refused(file).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_zlib_checksum_is_refused()
    {
        byte[] data = PngMaker.Zlib(new byte[12]);
        data[^1] ^= 1;
        _ = Decoding.Refused(PngMaker.File(3, 3, Gray, 8, false, data));
    }

    [Fact]
    public void Unknown_part_that_must_be_understood_is_refused()
    {
        byte[] file = PngMaker.Make(3, 3, Gray, 8, new int[9]);
        byte[] changed = [.. file[..^12], .. PngMaker.Chunk("NEWs", [1]), .. file[^12..]];
        Assert.Contains("unknown critical chunk", Decoding.Refused(changed).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pixels_in_two_places_are_refused()
    {
        byte[] file = PngMaker.Make(3, 3, Gray, 8, new int[9]);
        byte[] changed = [.. file[..^12], .. PngMaker.Chunk("tEXt", [65, 0]), .. PngMaker.Chunk("IDAT", []), .. file[^12..]];
        Assert.Contains("two places", Decoding.Refused(changed).Message, StringComparison.Ordinal);
    }
}
