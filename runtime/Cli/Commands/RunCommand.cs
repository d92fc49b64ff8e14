using ResNetEdge.Cli.Inputs;
using ResNetEdge.Cli.Reports;
using ResNetEdge.CommandLine;
using ResNetEdge.Device.Cameras;
using ResNetEdge.Engines;
using ResNetEdge.Model;

namespace ResNetEdge.Cli.Commands;

/// <summary><c>resnetedge run</c>: runs a model on pictures, arrays or a camera.</summary>
internal static class RunCommand
{
    private const string Name = "run";
    private const int DefaultTop = 5, MostClasses = 1_000_000;

    private static readonly Option Top = new("--top", "K", $"How many classes to print; default {DefaultTop}.");
    private static readonly Option OutputNpy =
        new("--output-npy", "DIR", "Writes every output of every input as DIR/<input name>.<output name>.npy, batch first.");
    private static readonly Option Mean = new("--mean", "A,B,C", "For a bare .onnx file: subtracted from value/255, one number per channel.");
    private static readonly Option Std = new("--std", "A,B,C", "For a bare .onnx file: divides value/255 - mean, one number per channel.");

    /// <summary>The service's configuration; <see cref="ServiceProgram"/> takes the whole command line over.</summary>
    public static Option Service { get; } =
        new("--service", "CONFIG", "Runs as a service with the camera, rules and outputs of a YAML file; SIGHUP reloads it. Takes no PACKAGE.");

    /// <summary>Ends after the configuration was checked.</summary>
    public static Option Check { get; } = new("--check", null, "With --service: checks the file and exits.");

    /// <summary>Command line of <c>run</c>.</summary>
    /// <param name="service">Takes over what this program does not have.</param>
    public static Verb Of(ServiceProgram service) => new()
    {
        Name = Name,
        Summary = "Runs a model on pictures, arrays or a camera and prints the results.",
        Operands = "PACKAGE|ONNX INPUT...|--camera DEVICE",
        MinOperands = 0,
        MaxOperands = int.MaxValue,
        Options =
        [
            CommonOptions.Engine, CommonOptions.Isa, .. ProviderOptions.All, ThreadsOption.Option, InputShapeOption.Option, StateOption.Option,
            LevelChoice.Level, LevelChoice.Budget, Top, OutputNpy, Mean, Std, CommonOptions.Key, CommonOptions.ModelMib, CommonOptions.Json,
            .. CameraOptions.All, Service, Check,
        ],
        Notes = """
            An INPUT is a picture (JPEG, PNG, PPM, BMP), a folder of pictures, an .npy file (in the model's own input shape and
            type, normalised already; a leading batch dimension runs item by item), or an .npz file with one array for each input.
            Float32 is accepted for every float input, and the bits of bfloat16 as uint16. A model without inputs needs no INPUT.
            A package says itself how pictures become its input. For a bare .onnx file they are resized, cropped to the middle
            and divided by 255, unless --mean and --std say more.

            A streaming network, whose states its package or --state names, keeps them from one item of a file to the next.

              resnetedge run resnet20/ cat.png --top 3
              resnetedge run model.onnx batch.npy --engine fused --output-npy outputs/
              resnetedge run resnet20/ --camera /dev/video0 --camera-size 640x480 --frames 100 --json

            A camera gives its newest frame; those that came meanwhile are dropped and counted. The service and cameras of the
            network are run by the program resnetedge-service, which takes over the whole command line.
            """,
        Run = (arguments, terminal) => ServiceProgram.Takes(arguments)
            ? service.HandOver([Name, .. arguments.Words])
            : Run(arguments, LocalCameras.Table, terminal),
    };

    /// <summary>Runs a model on files or a camera.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="cameras">Those that this program can open.</param>
    /// <param name="terminal">Where results and words go.</param>
    /// <exception cref="EdgeException">Exit 2 to 5.</exception>
    public static ExitCode Run(Arguments arguments, CameraTable cameras, Terminal terminal)
    {
        if (arguments.Has(Check.Name)) throw Arguments.Usage($"{Check.Name} needs {Service.Name}");
        var camera = CameraOptions.Read(arguments);
        int? frames = CameraOptions.ReadFrames(arguments);
        if (arguments.Operands.Count == 0) throw NeedsInput();
        if (camera != null && arguments.Operands.Count > 1)
            throw Arguments.Usage($"'run' takes files or a camera, not both; unexpected '{arguments.Operands[1]}'");
        if (camera != null && arguments.Has(OutputNpy.Name))
            throw Arguments.Usage($"{OutputNpy.Name} is only for files; a camera's results go to stdout");
        string engineName = CommonOptions.ReadEngine(arguments);
        int top = arguments.Int(Top.Name, DefaultTop, 1, MostClasses);
        var options = CommonOptions.ReadEngineOptions(arguments, [engineName], terminal.Error.WriteLine);
        var (mean, std) = (arguments.Numbers(Mean.Name), arguments.Numbers(Std.Name));
        var preprocess = new PicturePreprocess(mean, std, terminal.Error.WriteLine);
        var level = LevelChoice.Read(arguments, terminal.Error.WriteLine);
        var shapes = InputShapeOption.Read(arguments, FedShapes.Of([.. arguments.Operands.Skip(1)]));
        using var keys = CommonOptions.ReadKeys(arguments);
        using var model = LoadedModel.Load(arguments.Operands[0], engineName, options, level, keys, shapes, StateOption.Read(arguments));
        if (engineName == EngineTable.Auto) terminal.Error.WriteLine(model.Choice);
        foreach (string note in model.Engine.Notes) terminal.Error.WriteLine(note);
        if (camera != null)
            return RunCamera(model, () => cameras.Open(camera), frames, top, preprocess, arguments.Has(CommonOptions.Json.Name), terminal);
        // A model without inputs answers once, to nothing.
        var inputs = arguments.Operands.Count == 1 && model.Engine.Inputs.Count > 0 ? throw NeedsInput()
            : arguments.Operands.Count == 1 ? [InputPath.Nothing]
            : InputPath.Expand([.. arguments.Operands.Skip(1)], terminal.Error.WriteLine);
        string? folder = arguments.Value(OutputNpy.Name);
        if (folder != null)
        {
            InputPath.CheckNames(inputs);
            OutputArrays.Prepare(folder);
        }

        using var runner = new Runner(model, top, folder, preprocess);
        bool json = arguments.Has(CommonOptions.Json.Name);
        foreach (var input in inputs)
        {
            foreach (var report in runner.Run(input)) Print(terminal.Out, report, model.Engine.Outputs, json);
        }

        return ExitCode.Done;
    }

    private static EdgeException NeedsInput() => Arguments.Usage("'run' needs a model and at least one INPUT, or --camera");

    private static ExitCode RunCamera(
        LoadedModel model, Func<ICamera> open, int? frames, int top, PicturePreprocess preprocess, bool json, Terminal terminal)
    {
        using var runner = new CameraRunner(model, top, preprocess, terminal.Error.WriteLine);
        using var signals = new StopSignals();
        try
        {
            using var camera = open();
            foreach (var report in runner.Run(camera, frames, signals.Token)) Print(terminal.Out, report, model.Engine.Outputs, json);
        }
        catch (CameraException e)
        {
            throw EdgeException.Unavailable(e.Message, e);
        }

        return ExitCode.Done;
    }

    private static void Print(TextWriter writer, RunReport report, IReadOnlyList<TensorInfo> outputs, bool json)
    {
        if (json) Json.WriteLine(writer, report.ToJson());
        else PrintWords(writer, report, outputs);
    }

    private static void PrintWords(TextWriter writer, RunReport report, IReadOnlyList<TensorInfo> outputs)
    {
        string what = report.Answer is { } answer
            ? answer.ToText()
            : $"outputs {string.Join(", ", outputs.Select(o => $"'{o.Name}' {o.Type}[{o.Shape}]"))}";
        writer.WriteLine(
            PrintableText.Line(
                $"{report.Input}{(report.Sequence == null ? "" : $" {report.Sequence}")}{(report.Item == null ? "" : $" [{report.Item}]")}: "
                    + $"{what}  ({report.InferMs:F2} ms)"));
        writer.Flush();
    }
}
