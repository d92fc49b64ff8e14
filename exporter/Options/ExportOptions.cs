using System.Globalization;
using ResNetEdge.CommandLine;
using ResNetEdge.Exporter.Datasets;
using ResNetEdge.Exporter.Evaluation;
using ResNetEdge.Exporter.Quantization;
using ResNetEdge.Model;
using ResNetEdge.Packages;

namespace ResNetEdge.Exporter.Options;

/// <summary>Everything that the user says about one export.</summary>
internal sealed record ExportOptions
{
    /// <summary>
    /// Most calibration pictures that are used by default. Measured on CIFAR ResNet-20, 32 and 56: 1,000 give no better network than 256.
    /// </summary>
    public const int DefaultCalibrationImages = 256;

    /// <summary>Least signal-to-noise ratio of int8 outputs by default, in decibels: noise has a hundredth of their power.</summary>
    public const double DefaultLeastSqnrDb = 20;

    /// <summary>What <c>--without</c> takes.</summary>
    public const string StepNames = "pixels, equalize, align, round";

    /// <summary>Most threads of one inference.</summary>
    public const int MaxThreads = 256;

    /// <summary>The option for <see cref="AimDropPoints"/>.</summary>
    public const string AimDrop = "--aim-drop";

    /// <summary>Points of top-1 that int8 may lose before layers return to fp32.</summary>
    public const double DefaultAimDropPoints = 0.3;

    /// <summary>The option that goes on with calibration pictures that do not fit the network.</summary>
    public const string AcceptCalibration = "--accept-calibration";

    /// <summary>The error when int8 is requested without pictures.</summary>
    public const string NeedsCalibration =
        "int8 needs --calibration DIR, a few hundred pictures like those the network will see (no labels needed); "
            + "or ask for --precision fp16 or fp32";

    /// <summary>Path of the checkpoint or ONNX file.</summary>
    public required string Checkpoint { get; init; }

    /// <summary>Path of the package: a folder, or a .zip.</summary>
    public required string Output { get; init; }

    /// <summary>Family of networks, or <c>auto</c>.</summary>
    public string Architecture { get; init; } = Architectures.ArchitectureTable.Auto;

    /// <summary>What a checkpoint cannot tell.</summary>
    public Architectures.NetworkForm Form { get; init; } = Architectures.NetworkForm.Usual;

    /// <summary>Input as channels, height, width, or null: from the preset, the file or the family.</summary>
    public (int Channels, int Height, int Width)? Input { get; init; }

    /// <summary>The data set, or null.</summary>
    public Preset? Preset { get; init; }

    /// <summary>The model's version, or null: it has none.</summary>
    public long? ModelVersion { get; init; }

    /// <summary>States that the package names.</summary>
    public StateOptions States { get; init; } = StateOptions.None;

    /// <summary>One per channel, or null: from the preset.</summary>
    public float[]? Mean { get; init; }

    /// <summary>One per channel, or null: from the preset.</summary>
    public float[]? Std { get; init; }

    /// <summary>Path of a file with one class name a line, or null: from the preset.</summary>
    public string? Labels { get; init; }

    /// <summary>Whether the package is int8.</summary>
    public bool IsInt8 => Precision == Precisions.Int8;

    /// <summary>One of <see cref="Precisions"/>.</summary>
    public string Precision { get; init; } = Precisions.Int8;

    /// <summary>Folder of calibration pictures, numpy file or folder of them; or null.</summary>
    public string? Calibration { get; init; }

    /// <summary>Most calibration pictures used; evenly spread over the folder.</summary>
    public int CalibrationImages { get; init; } = DefaultCalibrationImages;

    /// <summary>Method and layers kept.</summary>
    public QuantizationOptions Quantization { get; init; } = new();

    /// <summary>Labelled folder to evaluate on, or null.</summary>
    public string? Evaluate { get; init; }

    /// <summary>Percent of latency that layers kept in fp32 for accuracy's sake may cost.</summary>
    public double MaxSlowdownPercent { get; init; }

    /// <summary>
    /// Least signal-to-noise ratio of the outputs in decibels; the layers that lose most stay in fp32 until it is reached. 0: they need not.
    /// </summary>
    public double LeastSqnrDb { get; init; } = DefaultLeastSqnrDb;

    /// <summary>Percentage points of top-1 beyond which the layers that lose most return to fp32, where labelled pictures are at hand.</summary>
    public double AimDropPoints { get; init; } = DefaultAimDropPoints;

    /// <summary>Percentage points of top-1 that int8 or fp16 may lose against fp32.</summary>
    public double MaxDropPoints { get; init; } = 1.0;

    /// <summary>Whether calibration pictures that do not fit the network are only a warning.</summary>
    public bool AcceptsCalibration { get; init; }

    /// <summary>Whether labels that do not fit the network are only a warning.</summary>
    public bool AcceptsLabels { get; init; }

    /// <summary>How much of a sensitivity report the package carries.</summary>
    public SensitivityScope Sensitivity { get; init; } = SensitivityScope.Full;

    /// <summary>Path of an HTML page to write the sensitivity report to, or null.</summary>
    public string? Report { get; init; }

    /// <summary>Threads of an engine; when evaluating, pictures at a time.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Reads a command line.</summary>
    /// <exception cref="EdgeException">Exit 2.</exception>
    public static ExportOptions Parse(Arguments arguments)
    {
        string precision = arguments.Value("--precision") ?? Precisions.Int8;
        if (!Precisions.All.Contains(precision)) throw Arguments.Usage($"--precision must be {Precisions.Words}, not '{precision}'");
        string output = arguments.Value("-o") ?? throw Arguments.Usage("'export' needs -o PACKAGE, where to write the package");
        if (arguments.Has("--report")
            && (arguments.Value("--sensitivity") == "none" || !(arguments.Has("--calibration") || arguments.Has("--evaluate"))))
            throw Arguments.Usage("--report needs the sensitivity report: give pictures (--calibration or --evaluate), and not --sensitivity none");
        foreach (string drop in (ReadOnlySpan<string>)["--max-drop", AimDrop])
        {
            if (arguments.Has(drop) && !arguments.Has("--evaluate")) throw Arguments.Usage($"{drop} needs --evaluate DIR to measure the drop on");
        }

        return new()
        {
            Checkpoint = arguments.Operands[0],
            Output = output,
            Architecture = arguments.Value("--arch") ?? Architectures.ArchitectureTable.Auto,
            Form = FormOptions.Parse(arguments),
            ModelVersion = ReadModelVersion(arguments),
            States = StateOptions.Parse(arguments),
            Input = arguments.Value("--input") is { } input ? InputShape(input) : null,
            Preset = arguments.Value("--preset") is { } preset ? Presets.Find(preset) : null,
            Mean = arguments.Numbers("--mean"),
            Std = arguments.Numbers("--std"),
            Labels = arguments.Value("--labels"),
            Precision = precision,
            Calibration = arguments.Value("--calibration"),
            CalibrationImages = arguments.Int("--calibration-images", DefaultCalibrationImages, 1, int.MaxValue),
            Quantization = new()
            {
                KeepFp32 = new LayerNames(arguments.Values("--keep-fp32")),
                Method = Method(arguments.Value("--calibrate-by")),
                Steps = Steps(arguments.Values("--without")),
                Qdq = Style(arguments.Value("--qdq")),
            },
            Evaluate = arguments.Value("--evaluate"),
            MaxSlowdownPercent = arguments.Number("--max-slowdown", 0, 0, 1000),
            LeastSqnrDb = arguments.Number("--min-sqnr", DefaultLeastSqnrDb, 0, 100),
            AimDropPoints = arguments.Number(AimDrop, DefaultAimDropPoints, 0, 100),
            MaxDropPoints = arguments.Number("--max-drop", 1.0, 0, 100),
            Sensitivity = Scope(arguments.Value("--sensitivity") ?? "full"),
            Report = arguments.Value("--report"),
            AcceptsCalibration = arguments.Has(AcceptCalibration),
            AcceptsLabels = arguments.Has(LabelCheck.Option),
            Threads = arguments.Int("--threads", 1, 1, MaxThreads),
        };
    }

    /// <summary>What <c>--model-version</c> says; null when it is not given.</summary>
    /// <exception cref="EdgeException">Exit 2.</exception>
    public static long? ReadModelVersion(Arguments arguments)
    {
        if (arguments.Value("--model-version") is not { } text) return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long version) && version <= Manifest.MaxModelVersion
            ? version
            : throw Arguments.Usage($"option '--model-version' needs an integer from 0 to {Manifest.MaxModelVersion}, not '{text}'");
    }

    private static SensitivityScope Scope(string name) => name switch
    {
        "none" => SensitivityScope.None,
        "layers" => SensitivityScope.Layers,
        "full" => SensitivityScope.Full,
        _ => throw Arguments.Usage($"--sensitivity must be none, layers or full, not '{name}'"),
    };

    private static QuantizationSteps Steps(IEnumerable<string> without)
    {
        var steps = QuantizationSteps.All;
        foreach (string name in without)
        {
            steps &= ~(name switch
            {
                "pixels" => QuantizationSteps.Pixels,
                "equalize" => QuantizationSteps.Equalize,
                "align" => QuantizationSteps.Align,
                "round" => QuantizationSteps.Round,
                _ => throw Arguments.Usage($"--without takes {StepNames}, not '{name}'"),
            });
        }

        return steps;
    }

    private static QdqStyle Style(string? name) => name switch
    {
        null or "onnxruntime" => QdqStyle.OnnxRuntime,
        "tensorrt" => QdqStyle.TensorRt,
        _ => throw Arguments.Usage($"--qdq must be onnxruntime or tensorrt, not '{name}'"),
    };

    private static ObserverEntry Method(string? name) => name is null ? ObserverTable.Entries[0] : ObserverTable.Find(name)
        ?? throw Arguments.Usage(
            $"unknown calibration method '{name}'; known methods: {string.Join(", ", ObserverTable.Entries.Select(e => e.Name))}");

    private static (int Channels, int Height, int Width) InputShape(string text)
    {
        string[] parts = text.Split('x');
        int[] sizes = [.. parts.Select(p => int.TryParse(p, out int size) ? size : 0)];
        return sizes is [1 or 3, >= 1 and <= 8192, >= 1 and <= 8192]
            ? (sizes[0], sizes[1], sizes[2])
            : throw Arguments.Usage(
                $"--input must be channels x height x width, such as 3x224x224, with 1 or 3 channels and at most 8192 pixels a side, not '{text}'");
    }
}
