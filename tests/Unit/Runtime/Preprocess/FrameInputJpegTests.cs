using ResNetEdge.Device.Cameras;
using ResNetEdge.Device.Native;
using ResNetEdge.Model;
using ResNetEdge.Pixels;
using ResNetEdge.Pixels.Frames;
using ResNetEdge.Preprocess;
using ResNetEdge.Tests.Unit.Runtime.Pixels.Frames;

namespace ResNetEdge.Tests.Unit.Runtime.Preprocess;

/// <summary>JPEG frames: as files of the same bytes, reduced only where the resize needs no more.</summary>
public unsafe class FrameInputJpegTests
{
    private static readonly PreprocessSpec Spec = new()
    {
        Width = 32,
        Height = 32,
        Resize = ResizeMode.ShortestSide,
        ResizeSize = 36,
        Mean = [0, 0, 0],
        Std = [1, 1, 1],
    };

    [SkippableFact]
    public void A_frame_that_is_not_reduced_is_the_files_pixels_and_trailing_bytes_are_nothing()
    {
        byte[] jpeg = Jpeg(70, 50); // a half would have 25 rows, and 36 are needed
        byte[] expected = Expected(jpeg, divisor: 1);
        Assert.Equal(expected, Written([.. jpeg, .. new byte[100_000]]));
    }

    [SkippableTheory]
    [InlineData(80, 72, 2)]
    [InlineData(150, 145, 4)]
    [InlineData(640, 288, 8)]
    public void A_large_frame_is_decoded_at_the_least_size_that_is_enough(int width, int height, int divisor)
    {
        byte[] jpeg = Jpeg(width, height);
        Assert.Equal(Expected(jpeg, divisor), Written(jpeg));
    }

    [SkippableFact]
    public void Damaged_frames_are_told_and_the_next_is_written()
    {
        byte[] jpeg = Jpeg(70, 50);
        using var input = Input();
        using var frames = new FrameInput(Spec, input.Buffer);
        var random = new Random(61);
        for (int i = 0; i < 200; i++)
        {
            byte[] bad = i < 100 ? jpeg[..random.Next(1, jpeg.Length - 20)] : [.. jpeg];
            if (i >= 100) bad[random.Next(2, 300)] ^= (byte)random.Next(1, 256);
            bool isWritten = TryWrite(frames, input, bad, out string? whyNot);
            if (i < 100) Assert.False(isWritten);
            Assert.Equal(isWritten, whyNot == null);
        }

        Assert.True(TryWrite(frames, input, jpeg, out string? still), still);
    }

    [SkippableFact]
    public void Steady_state_allocates_nothing()
    {
        byte[] jpeg = Jpeg(160, 150);
        using var input = Input();
        using var frames = new FrameInput(Spec, input.Buffer);
        Assert.True(TryWrite(frames, input, jpeg, out _));
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 50; i++) TryWrite(frames, input, jpeg, out _);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static byte[] Jpeg(int width, int height)
    {
        Skip.If(TurboJpeg.Shared == null, "libturbojpeg is not installed");
        using var memory = new FrameMemory(FourCc.Rgb24, width, height, 0, new Random(width));
        using var snapshot = new FrameSnapshot();
        snapshot.Take(memory.Frame);
        return snapshot.ToJpeg(10_000, out _)!;
    }

    private static PreparedInput Input() => new(Spec, ElementType.UInt8, isNhwc: true, scale: 1 / 255f);

    private static bool TryWrite(FrameInput frames, PreparedInput input, byte[] jpeg, out string? whyNot)
    {
        fixed (byte* data = jpeg)
        {
            var frame = new Frame
            {
                Data = data,
                Length = jpeg.Length,
                Format = FourCc.Mjpeg,
                Width = 0,
                Height = 0,
                Stride = 0,
                Sequence = 0,
                Time = default,
                Name = "cam",
            };
            return frames.TryWrite(frame, input.Buffer, out whyNot);
        }
    }

    private static byte[] Written(byte[] jpeg)
    {
        using var input = Input();
        using var frames = new FrameInput(Spec, input.Buffer);
        Assert.True(TryWrite(frames, input, jpeg, out string? whyNot), whyNot);
        return input.Values<byte>();
    }

    /// <summary>libjpeg-turbo at a fraction of the size, then as any picture.</summary>
    private static byte[] Expected(byte[] jpeg, int divisor)
    {
        var library = TurboJpeg.Shared!;
        void* decompressor = library.InitDecompress();
        using var picture = new Picture();
        using var input = Input();
        using var preprocessor = new Preprocessor(Spec, input.Buffer);
        try
        {
            Assert.True(library.DecompressHeader(decompressor, jpeg, out int width, out int height, out _));
            (width, height) = ((width + divisor - 1) / divisor, (height + divisor - 1) / divisor);
            picture.Reset("jpeg", width, height, 3);
            Assert.True(library.Decompress(decompressor, jpeg, picture.Data, width, picture.Stride, height, TurboJpegPixel.Rgb, stopOnWarning: true));
        }
        finally
        {
            library.Destroy(decompressor);
        }

        preprocessor.Write(picture, "jpeg", input.Buffer);
        return input.Values<byte>();
    }
}
