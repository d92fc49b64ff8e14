using ResNetEdge.Model;
using ResNetEdge.Onnx;
using ResNetEdge.Operators;
using ResNetEdge.Tests.Data;
using ResNetEdge.Tests.Unit.Exporter.Quantization;

namespace ResNetEdge.Tests.Unit.Runtime.Onnx;

/// <summary>The field's own tools accept what the writer writes.</summary>
public class OnnxCheckerTests
{
    private const string Check =
        """
        import onnx, sys
        model = onnx.load(sys.argv[1])
        onnx.checker.check_model(model, full_check=True)
        inferred = onnx.shape_inference.infer_shapes(model, strict_mode=True, data_prop=True)
        declared = {v.name: [d.dim_value for d in v.type.tensor_type.shape.dim] for v in inferred.graph.value_info}
        print(model.ir_version, model.opset_import[0].version, len(model.graph.node), len(declared))
        """;

    [SkippableFact]
    public void Debians_checker_accepts_a_written_network()
    {
        var graph = TestGraphs.Residual();
        var values = ShapeInference.Infer(graph);
        string folder = Directory.CreateTempSubdirectory("resnetedge-test-").FullName;
        try
        {
            using (var stream = File.Create(Path.Combine(folder, "m.onnx"))) OnnxWriter.Write(graph, stream, values);
            string between = graph.Nodes.SelectMany(n => n.Outputs).Except(graph.Outputs.Select(o => o.Name)).Count().ToString();
            Assert.Equal($"8 17 {graph.Nodes.Count} {between}", Debian.Python(folder, Check, "m.onnx").Trim());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
