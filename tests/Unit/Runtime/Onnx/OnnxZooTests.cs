using ResNetEdge.Onnx;
using ResNetEdge.Tests.Data;

namespace ResNetEdge.Tests.Unit.Runtime.Onnx;

/// <summary>Files of many exporters: every one is read, or refused for the reason given here.</summary>
public class OnnxZooTests
{
    private static readonly Dictionary<string, string> RefusedFiles = new()
    {
        ["ch_ppocr_mobile_v2.0_cls_infer.onnx"] = "input 'x' has the dynamic dimension 2",
        ["pytorch_superresolution_with_pre_post_processing_op18.onnx"] = "input 'image' has the dynamic dimension 0 ('num_bytes')",
    };

    [SkippableFact]
    public void Files_of_many_exporters_are_read_and_survive_the_writer()
    {
        var files = Directory.EnumerateFiles(SharedData.Path(""), "*.onnx", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
        Assert.NotEmpty(files);
        foreach (string file in files)
        {
            if (RefusedFiles.TryGetValue(Path.GetFileName(file), out string? reason))
            {
                Assert.Contains(reason, Assert.Throws<EdgeException>(() => OnnxReader.Read(file)).Message, StringComparison.Ordinal);
                continue;
            }

            var graph = OnnxReader.Read(file);
            Assert.NotEmpty(graph.Nodes);
            Assert.NotEmpty(graph.Inputs);
            if (graph.Outputs.All(o => o.Type != ResNetEdge.Model.ElementType.Undefined))
                RandomGraphs.AssertEqual(graph, OnnxReader.Read(OnnxRoundTripTests.Write(graph), file));
        }
    }
}
