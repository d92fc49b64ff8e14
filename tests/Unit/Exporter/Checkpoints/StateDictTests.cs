using ResNetEdge.Exporter.Checkpoints;

namespace ResNetEdge.Tests.Unit.Exporter.Checkpoints;

/// <summary>Where weights are found, which prefixes go, which values are refused.</summary>
public class StateDictTests
{
    [Theory]
    [InlineData("F32", new byte[] { 0, 0, 0, 0, 0, 0, 0xc0, 0x7f }, "NaN")]
    [InlineData("F32", new byte[] { 0, 0, 0, 0, 0, 0, 0x80, 0xff }, "-Infinity")]
    [InlineData("F16", new byte[] { 0, 0, 0, 0x7c }, "Infinity")]
    [InlineData("BF16", new byte[] { 0, 0, 0x81, 0x7f }, "NaN")]
    [InlineData("F64", new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f }, "NaN")]
    [InlineData("F64", new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xf0, 0x7e }, "Infinity")]
    public void Values_that_are_not_finite_are_refused_with_the_parameter(string dtype, byte[] data, string value)
    {
        string header = $$$"""{"layer1.0.conv1.weight":{"dtype":"{{{dtype}}}","shape":[2],"data_offsets":[0,{{{data.Length}}}]}}""";
        string message = CheckpointFiles.Refusal(CheckpointFiles.Safetensors(header, data));
        Assert.Contains($"parameter 'layer1.0.conv1.weight' holds {value.Replace("Infinity", "∞", StringComparison.Ordinal)} at element 1",
            message.Replace("Infinity", "∞", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("state_dict")]
    [InlineData("model_state_dict")]
    [InlineData("model")]
    [InlineData("net")]
    [InlineData("params")]
    [InlineData("state_dict_ema")]
    [InlineData("params_ema")]
    public void Weights_are_found_under_the_usual_keys(string key)
    {
        var weights = Read(p => p.Text("optimizer").Op('}').Op('(').Int(0).Op(']').Op('u').Text(key).Op('}').Op('(').Text("w").One().Op('u'));
        Assert.Equal(["w"], weights.Names);
        Assert.Equal(key, weights.Metadata["weights_key"]);
    }

    [Fact]
    public void Plain_weights_win_over_averaged_ones() =>
        Assert.Equal("state_dict", Read(p => p.Text("ema").Op('}').Op('(').Text("w").One().Op('u').Text("state_dict").Op('}').Op('(').Text("w").One()
            .Op('u')).Metadata["weights_key"]);

    [Theory]
    [InlineData("module.", "module.")]
    [InlineData("_orig_mod.module.", "_orig_mod.module.")]
    [InlineData("module.model.", "module.model.")]
    [InlineData("model.", "")]
    public void Wrappers_prefixes_go_when_every_name_has_them(string first, string second)
    {
        var weights = Read(p => p.Text(first + "a").One().Text(second + "b").One());
        Assert.Equal(first == second ? ["a", "b"] : [first + "a", "b"], weights.Names);
    }

    [Fact]
    public void The_counter_of_averaged_models_is_no_weight()
    {
        Assert.Equal(["a"], Read(static p => p.Text("n_averaged").One().Text("module.a").One()).Names);
    }

    [Fact]
    public void Numpy_scalars_beside_the_weights_are_read()
    {
        // numpy.core.multiarray.scalar(dtype('f8') with state (3, '<', ...), bytes as protocol 2 writes them)
        var weights = Read(static p => p.Text("best_prec1").Global("numpy.core.multiarray", "scalar").Op('(')
            .Global("numpy", "dtype").Op('(').Text("f8").Int(0).Int(1).Op('t').Op('R').Op('(').Int(3).Text("<").Op('N').Op('t').Op('b')
            .Global("_codecs", "encode").Op('(').Text("\0\0\0\0\0@W@").Text("latin1").Op('t').Op('R').Op('t').Op('R').Text("w").One());
        Assert.Equal("93", weights.Metadata["best_prec1"]);
    }

    [Theory]
    [InlineData("]", "holds no dict")]
    [InlineData("N", "holds no dict")]
    [InlineData("}", "no weights in the file")]
    public void Objects_without_weights_are_refused(string opcodes, string expected)
    {
        byte[] pickle = [0x80, 2, .. System.Text.Encoding.Latin1.GetBytes(opcodes), (byte)'.'];
        Assert.Contains(expected, CheckpointFiles.Refusal(CheckpointFiles.Zip(pickle)), StringComparison.Ordinal);
    }

    [Fact]
    public void Training_state_beside_the_weights_is_passed_over() =>
        Assert.Equal(["w"],
            Read(static p => p.Text("w").One().Text("scheduler").Op(']').Text("optimizer").Op('}').Text("best").Op('N').Text("epoch").Int(3)).Names);

    [Fact]
    public void Weights_are_found_under_a_key_of_the_scripts_own_when_nothing_else_can_be_meant()
    {
        Assert.Equal(["w"], Read(static p =>
            p.Text("criterion").Op('}').Op('(').Text("weight").One().Op('u').Text("resnet18").Op('}').Op('(').Text("w").One().Op('u')).Names);
        Assert.Contains(
            "no weights under 'a', 'b'",
            Refusal(static p => p.Text("a").Op('}').Op('(').Text("w").One().Op('u').Text("b").Op('}').Op('(').Text("w").One().Op('u')),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("argparse", "Namespace")]
    [InlineData("pytorch_lightning.utilities.parsing", "AttributeDict")]
    [InlineData("collections", "defaultdict")]
    public void Arguments_and_hyper_parameters_beside_the_weights_are_passed_over(string module, string name)
    {
        var weights =
            Read(p => p.Text("hyper_parameters").Global(module, name).Op(')').Op('\x81').Op('}').Text("lr").Int(1).Op('s').Op('b').Text("w").One());
        Assert.Equal(["w"], weights.Names);
    }

    [Fact]
    public void Missing_files_and_folders_are_bad_input()
    {
        foreach (string path in (string[])["/no/such/file.pth", Path.GetTempPath()])
        {
            var e = Assert.Throws<EdgeException>(() => CheckpointFormats.Read(path));
            Assert.Equal(FailureKind.BadInput, e.Kind);
            Assert.Contains(path, e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Files_of_other_formats_are_left_to_others()
    {
        string path = Path.GetTempFileName();
        try
        {
            Assert.Null(CheckpointFormats.Find(path));
            File.WriteAllBytes(path, [0x08, 0x08, 0x12, 0x07, .. "pytorch"u8]); // an ONNX model's first fields
            Assert.Null(CheckpointFormats.Find(path));
            Assert.Contains("not a checkpoint", Assert.Throws<EdgeException>(() => CheckpointFormats.Read(path)).Message, StringComparison.Ordinal);
            foreach (string format in CheckpointFiles.Formats)
            {
                File.WriteAllBytes(path, CheckpointFiles.Sample(format));
                Assert.EndsWith(format, CheckpointFormats.Find(path)!.Name, StringComparison.Ordinal);
                Assert.Equal(3, CheckpointFormats.Read(path).Names.Count);
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static StateDict Read(Action<PickleWriter> entries) => CheckpointFiles.Read(Zip(entries));

    private static string Refusal(Action<PickleWriter> entries) => CheckpointFiles.Refusal(Zip(entries));

    private static byte[] Zip(Action<PickleWriter> entries)
    {
        var p = new PickleWriter().Protocol(2).Op('}').Op('(');
        entries(p);
        return CheckpointFiles.Zip(p.Op('u').Stop().ToArray(), ("0", CheckpointFiles.Floats(1), 4));
    }
}
