using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using ResNetEdge.CommandLine;
using ResNetEdge.Packages;
using ResNetEdge.Tests.Data;

namespace ResNetEdge.Tests.EndToEnd;

/// <summary>The demo's network through the published programs: PyTorch's logits, and int8's accuracy.</summary>
public class DemoNetworkTests
{
    private const string Weights = "exporter/Demo/fashion-resnet14.safetensors",
        Pictures = "exporter/Demo/pictures", Calibration = "exporter/Demo/calibration";
    private const int PyTorchRight = 188; // of the 200 committed pictures: argmax of the golden logits

    [SkippableFact]
    public void Fp32_logits_are_those_of_PyTorch()
    {
        using var folder = new TempFolder();
        Export(folder["package"], "--precision", "fp32");
        var run = BuiltProgram.OrSkip("resnetedge").Run("run", folder["package"], Pictures, "--engine", "fused", "--output-npy", folder["logits"]);
        Assert.True(run.Code == 0, run.Error);

        // Written by "train_fashion_mnist.py logits", in the order of the pictures' paths.
        var golden = Npy.Read(Path.Combine(BuiltProgram.Root, "tests/Data/fashion-resnet14-logits.npy"));
        var pictures = Directory.GetFiles(Path.Combine(BuiltProgram.Root, Pictures), "*.png", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal).ToList();
        var expected = MemoryMarshal.Cast<byte, float>(golden.Bytes.Span);
        Assert.Equal(10 * pictures.Count, expected.Length);
        float largest = 0, worst = 0;
        foreach (float value in expected) largest = Math.Max(largest, Math.Abs(value));
        for (int i = 0; i < pictures.Count; i++)
        {
            string name = $"{Path.GetFileName(Path.GetDirectoryName(pictures[i]))}_{Path.GetFileNameWithoutExtension(pictures[i])}";
            var actual = MemoryMarshal.Cast<byte, float>(Npy.Read(folder[$"logits/{name}.logits.npy"]).Bytes.Span);
            for (int c = 0; c < 10; c++) worst = Math.Max(worst, Math.Abs(actual[c] - expected[(10 * i) + c]));
        }

        Assert.True(worst <= 1e-4f * largest, $"largest difference {worst}, largest logit {largest}");
    }

    [SkippableTheory]
    [InlineData("fused")]
    [InlineData("onnxruntime")]
    public void Int8_names_the_committed_pictures_as_fp32_does(string engine)
    {
        if (engine == "onnxruntime") BuiltProgram.SkipWithoutOnnxRuntime();
        using var folder = new TempFolder();
        Export(folder["package"], "--calibration", Calibration);
        using var report = Evaluate(folder["package"], Pictures, "--engine", engine);
        Assert.Equal(200, report.RootElement.GetProperty("images").GetInt32());
        Assert.InRange(report.RootElement.GetProperty("right").GetInt32(), PyTorchRight - 2, PyTorchRight + 2);
    }

    [SkippableFact]
    public void Int8_is_within_two_tenths_of_a_point_of_fp32_on_all_test_pictures()
    {
        using var folder = new TempFolder();
        Export(folder["package"], "--calibration", Calibration);
        WriteAllTestPicturesOrSkip(folder["pictures"]);
        using var report = Evaluate(folder["package"], folder["pictures"], "--engine", "fused", "--against", Weights);
        using var measured = JsonDocument.Parse(File.ReadAllText(Path.Combine(BuiltProgram.Root, "exporter/Demo/fashion-resnet14.accuracy.json")));
        int right = report.RootElement.GetProperty("right").GetInt32(), reference = report.RootElement.GetProperty("reference_right").GetInt32();
        Assert.Equal(10_000, report.RootElement.GetProperty("images").GetInt32());
        Assert.InRange(right, reference - 20, reference + 20);
        Assert.InRange(reference, measured.RootElement.GetProperty("right").GetInt32() - 1, measured.RootElement.GetProperty("right").GetInt32() + 1);
    }

    private static void Export(string package, params string[] more)
    {
        var export = BuiltProgram.OrSkip("resnetedge-export").Run(["export", Weights, "-o", package, "--preset", "fashion-mnist", .. more]);
        Assert.True(export.Code == 0, export.Error);
    }

    private static JsonDocument Evaluate(string package, string pictures, params string[] more)
    {
        var evaluate = BuiltProgram.OrSkip("resnetedge-export").Run(["evaluate", package, pictures, "--json", .. more]);
        Assert.True(evaluate.Code == 0, evaluate.Error);
        return JsonDocument.Parse(evaluate.Output);
    }

    private static void WriteAllTestPicturesOrSkip(string folder)
    {
        string script = Path.Combine(BuiltProgram.Root, "exporter/Demo/train_fashion_mnist.py");
        Skip.IfNot(File.Exists("/usr/bin/python3") && File.Exists("/usr/share/datasets/fashion-mnist/t10k-images-idx3-ubyte.gz"),
            "no Debian package dataset-fashion-mnist");
        using var process = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-B", script, "pictures", folder])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Skip.If(error.Contains("ModuleNotFoundError", StringComparison.Ordinal),
            $"the script that writes the test pictures lacks a module: {error.TrimEnd().Split('\n')[^1]}");
        Assert.True(process.ExitCode == 0, $"{output.Result}{error}");
    }
}
