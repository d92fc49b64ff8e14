using FsCheck;
using FsCheck.Fluent;
using ResNetEdge.Exporter.Hiding;

namespace ResNetEdge.Tests.Unit.Exporter.Hiding;

public class PictureSplitTests
{
    [Fact]
    public void Halves_share_no_picture_and_hold_every_class_alike() => Check.One(Config.QuickThrowOnFailure, Prop.ForAll<byte[]>(HalvesAreSound));

    private static void HalvesAreSound(byte[] labels)
    {
        int[] classes = [.. labels.Select(l => l % 5)];
        if (!classes.GroupBy(c => c).Any(g => g.Count() > 1))
        {
            Assert.Equal(FailureKind.BadInput, Assert.Throws<EdgeException>(() => PictureSplit.Of(classes, "somewhere")).Kind);
            return;
        }

        var split = PictureSplit.Of(classes, "somewhere");
        Assert.Equal(Enumerable.Range(0, classes.Length), split.Choosing.Concat(split.Judging).Order());
        for (int c = 0; c < 5; c++) Assert.InRange(split.Choosing.Count(i => classes[i] == c) - split.Judging.Count(i => classes[i] == c), 0, 1);
    }
}
