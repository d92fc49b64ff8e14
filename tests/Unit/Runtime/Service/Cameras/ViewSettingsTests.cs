using ResNetEdge.Preprocess;
using ResNetEdge.Service.Cameras;
using ResNetEdge.Service.Yaml;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Cameras;

public class ViewSettingsTests
{
    [Fact]
    public void A_region_and_masks_are_read()
    {
        var view = Read("""
            device: /dev/video0
            region: {x: 0.25, y: 0.1, width: 0.5}
            mask:
              - {x: 0.7, y: 0, width: 0.3, height: 0.2}
              - polygon: ['0,1', '0.5,0.5', '1,1']
            mask_fill: mean
            """);
        Assert.Equal((0.25, 0.1, 0.5, 0.9, true), (view.Region.X, view.Region.Y, view.Region.Width, view.Region.Height, view.FillsWithMean));
        Assert.Equal([4, 3], view.Masks.Select(m => m.Count));
        Assert.Equal([new(0, 1), new(0.5, 0.5), new(1, 1)], view.Masks[1]);
        Assert.NotNull(view.Frame);
        Assert.Equal(view, Read("""
            device: /dev/video0
            mask_fill: mean
            mask: [{x: 0.7, width: 0.3, height: 0.2}, {polygon: ['0,1', '0.5,0.5', '1,1']}]
            region: {x: 0.25, y: 0.1, width: 0.5, height: 0.9}
            """)); // so that a reload leaves the camera open
    }

    [Fact]
    public void Without_either_all_of_the_frame_is_seen() => Assert.Null(Read("device: /dev/video0").Frame);

    [Theory]
    [InlineData("region: {x: 0.6, width: 0.5}", "'camera.region.width' reaches beyond the frame: 0.6 + 0.5 > 1")]
    [InlineData("region: {x: 1}", "'camera.region.x' leaves nothing of the frame's width")]
    [InlineData("region: {x: -0.1}", "'camera.region.x' must be a number from 0 to 1, not '-0.1'")]
    [InlineData("region: {left: 0.1}", "unknown setting 'left' in 'camera.region'")]
    [InlineData("mask: [{x: 0.5, polygon: ['0,0', '0,1', '1,1']}]", "'camera.mask[0].x' cannot be combined with 'polygon'")]
    [InlineData("mask: [{polygon: ['0,0', '0,1']}]", "'camera.mask[0].polygon' has 2 corners; 3 to 32 are supported")]
    [InlineData("mask: [{polygon: ['0,0', '0,1', '2,2']}]", "'camera.mask[0].polygon' must be a list of points such as '0.1,0.25', each number ")]
    [InlineData("mask_fill: mean", "'camera.mask_fill' needs 'mask'")]
    public void What_cannot_be_is_refused(string settings, string sentence)
    {
        var e = Assert.Throws<EdgeException>(() => Read($"device: /dev/video0\n{settings}"));
        Assert.Contains(sentence, e.Message, StringComparison.Ordinal);
    }

    private static ViewSettings Read(string yaml)
    {
        var place = new Place("f", "camera", []);
        var settings = CameraSettings.Read(new Section(YamlTree.Parse(yaml, "f"), place, CameraSettings.Schema));
        place.ThrowIfAny();
        return settings.View;
    }
}
