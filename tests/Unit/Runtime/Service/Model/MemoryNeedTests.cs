using ResNetEdge.Benchmarks.Models;
using ResNetEdge.Packages;
using ResNetEdge.Service.Model;
using ResNetEdge.Tests.Data;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Model;

public class MemoryNeedTests
{
    [Fact]
    public void Each_camera_needs_an_input_and_all_share_the_weights()
    {
        using var folder = new TempFolder();
        BrightOrDark.Write(folder["model"]);
        using var package = Package.Open(folder["model"]);
        const int Input = BrightOrDark.Side * BrightOrDark.Side * sizeof(float);
        Assert.Equal(new FileInfo(Path.Combine(folder["model"], "model.onnx")).Length + Input, MemoryNeed.Of(package, 1));
        Assert.Equal(MemoryNeed.Of(package, 1) + (2 * Input), MemoryNeed.Of(package, 3));
    }
}
