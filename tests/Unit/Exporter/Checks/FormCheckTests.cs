using ResNetEdge.CommandLine;
using ResNetEdge.Exporter;
using ResNetEdge.Exporter.Checks;
using ResNetEdge.Exporter.Commands;
using ResNetEdge.Exporter.Options;
using ResNetEdge.Tests.Data;
using ResNetEdge.Tests.Unit.Exporter.Calibration;

namespace ResNetEdge.Tests.Unit.Exporter.Checks;

/// <summary>Checkpoints that fit by name and shape and are another network: pictures show it, and the option that mends it is named.</summary>
public class FormCheckTests
{
    private const int Count = 24;

    public static TheoryData<string, string> Forms => new()
    {
        { "silu", "--activation silu" },
        { "gelu", "--activation gelu" },
        { "hardswish", "--activation hardswish" },
        { "relu6", "--activation relu6" },
        { "leaky", "--activation leaky-relu:0.2" },
        { "epsilon", "--bn-eps 0.001" },
        { "stride", "--stride-on 1x1" },
        { "dilation", "--output-stride 8" },
        { "no pool", "--stem-pool none" },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void Another_network_is_refused_with_the_layer_and_the_option_and_taken_with_it(string kind, string options)
    {
        using var folder = new TempFolder();
        string checkpoint = Write(folder, Of(kind), SizeOf(kind));
        Refused(options, () => Export(folder, checkpoint, kind, "int8", "--calibration"));
        Assert.False(Directory.Exists(folder["p"]));

        var log = Export(folder, checkpoint, kind, "int8", "--calibration", options.Split(' '));
        Assert.DoesNotContain(
            log, line => line.Contains("export", StringComparison.Ordinal) || line.Contains("divergence", StringComparison.Ordinal));
        Assert.Contains(log, line => line.Contains("assumed: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("stride", "--stride-on 1x1")]
    [InlineData("gelu", "--activation gelu")]
    public void Labelled_pictures_show_it_too(string kind, string options)
    {
        using var folder = new TempFolder();
        string checkpoint = Write(folder, Of(kind), SizeOf(kind));
        Refused(options, () => Export(folder, checkpoint, kind, "fp32", "--evaluate"));
        Assert.False(Directory.Exists(folder["p"]));
    }

    [Theory]
    [InlineData("relu")]
    [InlineData("bottleneck")]
    [InlineData("large")]
    public void The_usual_network_passes_in_silence(string kind)
    {
        using var folder = new TempFolder();
        var log = Export(folder, Write(folder, Of(kind), SizeOf(kind)), kind, "int8", "--calibration");
        Assert.DoesNotContain(
            log, line => line.Contains("export", StringComparison.Ordinal) || line.Contains("divergence", StringComparison.Ordinal));
    }

    [Fact]
    public void A_network_that_no_option_makes_fit_is_named_without_blaming_the_pictures_alone()
    {
        using var folder = new TempFolder();
        string checkpoint = Write(folder, new() { Stages = 4, PoolsByMean = true }, 64);
        var log = Export(folder, checkpoint, "large", "int8", "--calibration", ExportOptions.AcceptCalibration);
        string warning = Assert.Single(log, line => line.StartsWith("warning: the pictures fit", StringComparison.Ordinal));
        Assert.Contains("blur pooling, another activation", warning, StringComparison.Ordinal);
        Assert.Contains("'layer1.0.", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_that_fits_no_activation_is_told_with_its_first_layer()
    {
        using var folder = new TempFolder();
        var log = Export(folder, Write(folder, new() { Activation = static x => Math.Abs(x) }, 32), "relu", "int8", "--calibration");
        Assert.Contains(log, line => line.Contains("first in layer 'layer1.0.", StringComparison.Ordinal)
            && line.Contains("the network's activation is not relu", StringComparison.Ordinal));
    }

    [Fact]
    public void A_user_who_insists_gets_the_package_and_a_warning()
    {
        using var folder = new TempFolder();
        var log = Export(folder, Write(folder, Of("silu"), 32), "silu", "int8", "--calibration", ExportOptions.AcceptCalibration);
        Assert.Contains(
            log, line => line.StartsWith("warning: ", StringComparison.Ordinal) && line.Contains("--activation silu", StringComparison.Ordinal));
        Assert.True(Directory.Exists(folder["p"]));
    }

    [Fact]
    public void Without_pictures_the_record_alone_may_warn()
    {
        using var folder = new TempFolder();
        var log = Export(folder, Write(folder, Of("silu"), 32), "silu", "fp32", null);
        Assert.Contains(
            log, line => line.StartsWith("warning: ", StringComparison.Ordinal) && line.Contains("--activation silu", StringComparison.Ordinal));
    }

    [Fact]
    public void The_options_are_for_checkpoints_and_for_networks_that_they_change()
    {
        using var folder = new TempFolder();
        string basic = Write(folder, Of("relu"), 32);
        Usage("--stride-on applies to bottlenecks", basic, "--stride-on", "1x1");
        Usage("--output-stride 16 has no effect", basic, "--output-stride", "16");
        Usage("--activation must be one of relu, relu6", basic, "--activation", "tanh");
        Usage("between 0 and 1", basic, "--activation", "leaky-relu:2");
        Usage("--bn-eps must be a number above 0", basic, "--bn-eps", "0");
        string onnx = folder.Write("m.onnx", []);
        Usage("--activation silu is for checkpoints", onnx, "--activation", "silu");

        void Usage(string says, string file, params string[] options)
        {
            var refused = Assert.Throws<EdgeException>(() => Run(folder, file, ["--precision", "fp32", .. options]));
            Assert.Equal(FailureKind.Usage, refused.Kind);
            Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        }
    }

    internal static LiteralNetwork Of(string kind) => kind switch
    {
        "silu" => new() { Activation = static x => x / (1 + Math.Exp(-x)) },
        "gelu" => new() { Activation = static x => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))) },
        "hardswish" => new() { Activation = static x => x * Math.Clamp(x + 3, 0, 6) / 6 },
        "relu6" => new() { Activation = static x => Math.Clamp(x, 0, 6), NormScale = 5 },
        "leaky" => new() { Activation = static x => x < 0 ? 0.2 * x : x },
        "epsilon" => new() { Epsilon = 1e-3, WeightScale = 0.02 },
        "stride" => new() { IsBottleneck = true, StridesOn1x1 = true, Stages = 4 },
        "dilation" => new() { Dilates = true, Stages = 4 },
        "no pool" => new() { Pools = false, Stages = 4 },
        "bottleneck" => new() { IsBottleneck = true, Stages = 4 },
        "large" => new() { Stages = 4 },
        _ => new(),
    };

    internal static int SizeOf(string kind) => Of(kind).Stages == 4 ? 64 : 32;

    private static void Refused(string options, Action export)
    {
        var refused = Assert.Throws<EdgeException>(export);
        Assert.Equal(FailureKind.Refused, refused.Kind);
        Assert.Contains($"export again with {options}", refused.Message, StringComparison.Ordinal);
        Assert.Contains("first", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("show something other", refused.Message, StringComparison.Ordinal);
    }

    private static List<string> Export(TempFolder folder, string checkpoint, string kind, string precision, string? use, params string[] options)
    {
        int size = SizeOf(kind);
        string[] pictures = use is null ? [] : [use, folder["pictures"]];
        return Run(folder, checkpoint, ["--precision", precision, "--input", $"3x{size}x{size}", "--mean", "0.5,0.5,0.5", "--std", "0.25,0.25,0.25",
            "--labels", folder["labels.txt"], "--ledger", "none", .. pictures, .. options]);
    }

    private static List<string> Run(TempFolder folder, string checkpoint, string[] options)
    {
        var log = new List<string>();
        Pipeline.Run(ExportOptions.Parse(Arguments.Parse(ExportCommand.Verb, [checkpoint, "-o", folder["p"], .. options])), log.Add);
        return log;
    }

    // Checkpoint, labels and the pictures that it was trained on, one folder a class.
    internal static string Write(TempFolder folder, LiteralNetwork network, int size)
    {
        folder.Write("labels.txt", "a\nb\nc\nd\ne\n"u8.ToArray());
        var random = new Random(11);
        var inputs = new float[Count][];
        for (int i = 0; i < Count; i++)
        {
            byte[] pixels = Waves(random, size);
            folder.Write($"pictures/{(char)('a' + i % 5)}/{i}.ppm", [.. System.Text.Encoding.ASCII.GetBytes($"P6\n{size} {size}\n255\n"), .. pixels]);
            inputs[i] = [.. Enumerable.Range(0, pixels.Length)
                .Select(k => (pixels[k % (size * size) * 3 + k / (size * size)] / 255f - 0.5f) / 0.25f)];
        }

        return folder.Write("network.safetensors", network.Train(inputs, size));
    }

    // Smooth, as pictures are: neighbours know of each other, which is what stride and dilation change.
    private static byte[] Waves(Random random, int size)
    {
        var pixels = new byte[size * size * 3];
        double[] numbers = [.. Enumerable.Range(0, 24).Select(_ => random.NextDouble())];
        for (int i = 0; i < pixels.Length; i++)
        {
            int c = i % 3, x = i / 3 % size, y = i / 3 / size;
            double value = 128 + 50 * Math.Sin(numbers[c] * 6 + x * (0.2 + numbers[3 + c]) + y * (0.2 + numbers[6 + c]))
                + 40 * Math.Sin(numbers[9 + c] * 6 + x * numbers[12 + c] / 2 - y * (0.1 + numbers[15 + c])) + 20 * (random.NextDouble() - 0.5);
            pixels[i] = (byte)Math.Clamp(value, 0, 255);
        }

        return pixels;
    }
}
