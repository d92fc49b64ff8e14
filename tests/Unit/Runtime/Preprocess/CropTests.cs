using ResNetEdge.Preprocess;

namespace ResNetEdge.Tests.Unit.Runtime.Preprocess;

public class CropTests
{
    [Theory]
    [InlineData(500, 375, 341, 256, 58, 16)] // 58.5 goes to the even 58
    [InlineData(375, 500, 256, 341, 16, 58)]
    [InlineData(256, 256, 256, 256, 16, 16)]
    [InlineData(100, 99, 258, 256, 17, 16)]
    [InlineData(1, 32767, 256, 8388352, 16, 4194064)]
    public void Shorter_side_and_middle_as_torchvision(int width, int height, int resizedWidth, int resizedHeight, int left, int top)
        => Assert.Equal(
            new Crop(resizedWidth, resizedHeight, left, top), Crop.Of(Spec(ResizeMode.ShortestSide, 256), "a.jpg", width, height));

    [Theory]
    [InlineData(259, 18)] // 17.5
    [InlineData(257, 16)] // 16.5
    public void Half_a_pixel_goes_to_the_even_side(int side, int left)
        => Assert.Equal(left, Crop.Of(Spec(ResizeMode.ShortestSide, side), "a.jpg", 10, 10).Left);

    [Fact]
    public void Exact_keeps_everything() => Assert.Equal(new Crop(224, 224, 0, 0), Crop.Of(Spec(ResizeMode.Exact, 0), "a.jpg", 31, 7));

    [Fact]
    public void Without_resize_another_size_is_refused_with_both_sizes()
    {
        Assert.Equal(new Crop(224, 224, 0, 0), Crop.Of(Spec(ResizeMode.None, 0), "a.jpg", 224, 224));
        EdgeException refusal = Assert.Throws<EdgeException>(() => Crop.Of(Spec(ResizeMode.None, 0), "a.jpg", 224, 225));
        Assert.Equal(FailureKind.BadInput, refusal.Kind);
        Assert.StartsWith(
            "a.jpg: the picture is 224x225 pixels, but the model does not resize and needs 224x224", refusal.Message, StringComparison.Ordinal);
    }

    private static PreprocessSpec Spec(ResizeMode mode, int size) => new()
    {
        Height = 224,
        Width = 224,
        Resize = mode,
        ResizeSize = size,
        Mean = [0, 0, 0],
        Std = [1, 1, 1],
    };
}
