using System.Globalization;
using ResNetEdge.Exporter.Checkpoints;
using ResNetEdge.Model;
using ResNetEdge.Tests.Data;

namespace ResNetEdge.Tests.Unit.Exporter.Checkpoints;

/// <summary>
/// Files that torch wrote hold what torch says: every dtype, strided, shared, offset, expanded; both formats, every pickle protocol.
/// </summary>
[Collection(SharesTorch.Name)]
public class TorchDifferentialTests(TorchCheckpoints torch)
{
    [SkippableTheory]
    [InlineData("zip", 2)]
    [InlineData("zip", 3)]
    [InlineData("zip", 4)]
    [InlineData("zip", 5)]
    [InlineData("legacy", 2)]
    [InlineData("legacy", 3)]
    [InlineData("legacy", 4)]
    [InlineData("legacy", 5)]
    public void Tensors_are_what_torch_saved(string format, int protocol)
    {
        var weights = CheckpointFormats.Read(torch.File($"tensors-{format}-{protocol}.pth"));
        string[] lines = File.ReadAllLines(torch.File("tensors.txt"));
        Assert.Equal(lines.Select(static l => l.Split('\t')[0]), weights.Names);
        foreach (string line in lines)
        {
            string[] parts = line.Split('\t');
            var tensor = weights[parts[0]]!;
            Assert.Equal(parts[1], string.Join('x', tensor.Shape.Dimensions.ToArray()));
            Assert.Equal(parts[0].Split('.')[0] switch
            {
                "bfloat16" => ElementType.BFloat16,
                "uint8" => ElementType.UInt8,
                var name => Named(name),
            }, tensor.Type);
            Assert.Equal(parts[2].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(static v => float.Parse(v, CultureInfo.InvariantCulture)),
                tensor.ToFloats());
        }

        Assert.Equal(
            ("91.25", "-7", "none", "params"),
            (weights.Metadata["best_prec1"], weights.Metadata["seen"], weights.Metadata["arch"], weights.Metadata["weights_key"]));
    }

    private static ElementType Named(string torchName) => torchName == "int16" ? ElementType.Int32 // widened
        : Enum.Parse<ElementType>(torchName, ignoreCase: true) is var type && Enum.IsDefined(type) ? type : throw new ArgumentException(torchName);
}
