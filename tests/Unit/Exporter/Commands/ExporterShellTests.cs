using System.Text.Json;
using ResNetEdge.CommandLine;
using ResNetEdge.Tests.Data;

namespace ResNetEdge.Tests.Unit.Exporter.Commands;

public class ExporterShellTests
{
    private static readonly string Demo = Path.Combine(House.Root, "exporter", "Demo");
    private static readonly string Weights = Path.Combine(Demo, "fashion-resnet14.safetensors");

    [Theory]
    [InlineData("export x.pth", "-o")]
    [InlineData("export x.pth -o p --precision int4", "int8, fp16 or fp32")]
    [InlineData("export x.pth -o p --preset mnist", "fashion-mnist")]
    [InlineData("export x.pth -o p --input 3x224", "3x224x224")]
    [InlineData("export x.pth -o p --input 2x8x8", "1 or 3 channels")]
    [InlineData("export x.pth -o p --calibrate-by magic", "min-max")]
    [InlineData("export x.pth -o p --max-drop 2", "--evaluate")]
    [InlineData("export x.pth -o p --mean a,b", "comma-separated")]
    [InlineData("evaluate p", "PACKAGE DIR")]
    [InlineData("frobnicate", "unknown command")]
    public void What_cannot_be_understood_is_a_usage_error(string line, string says)
    {
        var (code, _, error) = Run(line.Split(' '));
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains(says, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Int8_without_pictures_is_a_usage_error_and_writes_nothing()
    {
        using var folder = new TempFolder();
        var (code, _, error) = Run("export", Weights, "-o", folder["p"], "--preset", "fashion-mnist");
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("--calibration", error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_misspelt_layer_is_a_usage_error()
    {
        using var folder = new TempFolder();
        var (code, _, error) = Run("export", Weights, "-o", folder["p"], "--preset", "fashion-mnist", "--calibration",
            Path.Combine(Demo, "calibration"), "--keep-fp32", "covn1");
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("covn1", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_files_are_bad_input()
    {
        Assert.Equal(ExitCode.BadInput, Run("export", "/nowhere/x.pth", "-o", "/nowhere/p", "--precision", "fp32").Code);
        Assert.Equal(ExitCode.BadInput, Run("export", "/nowhere/x.onnx", "-o", "/nowhere/p", "--precision", "fp32").Code);
        Assert.Equal(ExitCode.BadInput, Run("inspect", "/nowhere/x.onnx").Code);
        Assert.Equal(ExitCode.BadInput, Run("evaluate", "/nowhere/p", "/nowhere/pictures").Code);
    }

    [Fact]
    public void Hide_needs_pictures_and_a_place() =>
        Assert.Equal((ExitCode.Usage, ExitCode.Usage), (Run("hide", "p", "--evaluate", "d").Code, Run("hide", "p", "-o", "q").Code));

    [Fact]
    public void Export_evaluate_and_inspect_print_the_agreed_fields()
    {
        using var folder = new TempFolder();
        string pictures = Path.Combine(Demo, "pictures");
        var export = Run("export", Weights, "-o", folder["p"], "--preset", "fashion-mnist", "--precision", "fp32", "--json");
        Assert.True(export.Code == ExitCode.Done, export.Error);
        Assert.Equal(folder["p"], Field(export.Output, "package").GetString());

        var evaluate = Run("evaluate", folder["p"], pictures, "--engine", "fused", "--against", Weights, "--json");
        Assert.True(evaluate.Code == ExitCode.Done, evaluate.Error);
        Assert.Equal((200, "fused", "fp32"), (Field(evaluate.Output, "images").GetInt32(), Field(evaluate.Output, "engine").GetString(),
            Field(evaluate.Output, "precision").GetString()));
        Assert.Equal(Field(evaluate.Output, "right").GetInt32() / 200.0, Field(evaluate.Output, "top1").GetDouble());
        Assert.Equal(Field(evaluate.Output, "right").GetInt32(), Field(evaluate.Output, "reference_right").GetInt32());
        Assert.Equal(1.0, Field(evaluate.Output, "agreement").GetDouble());

        var inspect = Run("inspect", Weights, "--json");
        Assert.Equal((6, 6), (Field(inspect.Output, "residual_adds").GetInt32(), Field(inspect.Output, "fused_residual_adds").GetInt32()));
        Assert.True(Field(inspect.Output, "macs").GetInt64() > 1_000_000 && Field(inspect.Output, "parameters").GetInt64() > 100_000);
    }

    private static JsonElement Field(string json, string name) => JsonDocument.Parse(json).RootElement.GetProperty(name);

    private static (ExitCode Code, string Output, string Error) Run(params string[] words)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = ResNetEdge.Exporter.Program.Shell.Run(words, new Terminal(output, error));
        return (code, output.ToString(), error.ToString());
    }
}
