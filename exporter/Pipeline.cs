using ResNetEdge.Exporter.Checks;
using ResNetEdge.Exporter.Datasets;
using ResNetEdge.Exporter.Evaluation;
using ResNetEdge.Exporter.HalfPrecision;
using ResNetEdge.Exporter.MixedPrecision;
using ResNetEdge.Exporter.Options;
using ResNetEdge.Exporter.Packaging;
using ResNetEdge.Exporter.Progress;
using ResNetEdge.Exporter.Quantization;
using ResNetEdge.Exporter.Quantization.Pixels;
using ResNetEdge.Exporter.Reports;
using ResNetEdge.Exporter.Sensitivity;
using ResNetEdge.Metrics;
using ResNetEdge.Model;
using ResNetEdge.Packages;
using ResNetEdge.Preprocess;

namespace ResNetEdge.Exporter;

/// <summary>
/// The whole export: checkpoint → graph → passes → int8 or fp16 → evaluation gate → package. Nothing is written before the gate is passed.
/// </summary>
internal static class Pipeline
{
    /// <summary>Exports a checkpoint as a package.</summary>
    /// <param name="options">What the user said.</param>
    /// <param name="log">Words for people, a line each.</param>
    /// <param name="display">Told how far long steps are; may be null.</param>
    /// <exception cref="EdgeException">Exit 2, 3, 4 or 5, as the steps say; no package is left behind then.</exception>
    public static ExportReport Run(ExportOptions options, Action<string> log, ProgressDisplay? display = null)
    {
        var progress = display ?? ProgressDisplay.None;
        var source = SourceNetwork.Open(options);
        foreach (string note in source.Notes) log(note);
        if (source.IsQuantized && options.IsInt8)
            log("the model is already int8: its integers are kept as they "
                + $"are{(options.Calibration is null ? "" : ", and --calibration is ignored")}");
        var spec = InputDescription.Preprocessing(options, source.Graph.Inputs[0], source.Pixels);
        var states = NetworkStates.Of(options.States, source.States, source.Graph, log);
        string[] labels = InputDescription.Labels(options, source.Classes, source.Labels, log);
        if (spec is not null && source.Pixels is not { IsFixed: true } && options.Preset is null && options.Mean is null && options.Std is null)
            log("no --preset, --mean or --std: the package feeds pictures as "
                + $"{(source.Pixels is null ? "values 0 to 1" : "the model's quantised input says")}");

        using var calibration = OpenCalibration(options, source.Graph.Inputs, spec);
        using var evaluation = OpenPictures(options.Evaluate, spec, int.MaxValue);
        int[] classes = evaluation?.Classes(options.Evaluate!, labels) ?? [];
        if (options.Calibration is not null && calibration!.Count < calibration.Available)
            log($"calibrating on {calibration.Count} of {calibration.Available} {(calibration is Pictures ? "pictures" : "samples")}, evenly spread");

        double? divergence = null;
        if (options.IsInt8 && calibration is Pictures && !source.IsQuantized) divergence = CalibrationGuard.Check(source, options, spec!, log);
        else CalibrationGuard.CheckForm(source, options, spec, log);

        var (network, keep) = options.IsInt8
            ? Quantize(source, options, spec, calibration, log, progress) : (new(source.Float(), source.Graph), null);
        IReadOnlyList<string>? keptFp32 = null;
        if (options.Precision == Precisions.Fp16)
        {
            (var half, keptFp32) = HalfExport.Make(source.Float(), options.Quantization.KeepFp32, calibration ?? evaluation,
                g => GraphEngine.LoadForCalibration(g, options.Threads), log);
            network = new(half, source.Graph);
        }

        SensitivityReport? Measure(SensitivityScope scope) =>
            MeasureSensitivity(options, source, scope, network.Fp32, network.Int8, calibration, evaluation, classes, progress);
        EvaluationResult? evaluated = null;
        if (evaluation is not null)
        {
            EvaluationResult Ask(QuantizedNetwork asked) => Evaluate(options, asked, evaluation, classes, progress);
            evaluated = Ask(network);
            LabelCheck.Require(evaluated, evaluated.Reference ?? evaluated.Answers, labels, options.AcceptsLabels, log);
            if (keep is not null)
                (network, evaluated) = MeasuredFallback.Choose(
                    network, evaluated, options.AimDropPoints, () => Measure(SensitivityScope.Layers)!, keep, Ask, log);
            if (evaluated.Reference is not null)
                AccuracyGate.Check(options.Precision, evaluated.Accuracy, options.MaxDropPoints,
                    () => options.IsInt8 ? GateAdvice.Of(Measure(SensitivityScope.Layers)) : GateAdvice.OfHalf);
        }

        var graph = network.Int8;
        using var engine = GraphEngine.Load(graph, options.Threads);
        var golden = GoldenVectors.Make(graph, engine, (Samples?)evaluation ?? calibration, options.Precision);
        var facts = GraphFacts.Of(graph);
        var sensitivity = Measure(options.Sensitivity);
        var manifest = Describe(options, source, spec, states, evaluated?.Accuracy, golden);
        PackageWriter.Write(options.Output, new(manifest, graph, labels.Length == 0 ? null : labels, golden)
        {
            Reports = sensitivity is null
                ? new Dictionary<string, ReadOnlyMemory<byte>>()
                : new() { [SensitivityReport.File] = SensitivityFile.Write(sensitivity) },
        });
        if (options.Report is { } page) SensitivityPage.Write(page, manifest, sensitivity, null);

        return new()
        {
            Package = options.Output,
            Checkpoint = options.Checkpoint,
            Format = source.Format,
            Architecture = source.Architecture,
            Precision = options.Precision,
            Macs = facts.Macs,
            Parameters = facts.Parameters,
            CalibrationImages = options.Precision == Precisions.Fp32 ? null : calibration?.Count,
            CalibrationDivergenceNats = divergence is { } nats ? Math.Round(nats, 4) : null,
            CalibratedBy = options.IsInt8 && calibration is not null ? options.Quantization.Method.Name : null,
            KeptFp32 = keptFp32,
            Evaluation = evaluated is null ? null : EvaluateReport.Of(evaluated, engine.Name, options.Precision, labels),
            DropPoints = evaluated?.Reference is not null ? Math.Round(AccuracyGate.DropPoints(evaluated.Accuracy), 4) : null,
        };
    }

    private static Samples? OpenCalibration(ExportOptions options, IReadOnlyList<TensorInfo> inputs, PreprocessSpec? spec) =>
        options.Calibration is not { } path ? null
        : ArraySamples.Open(path, inputs, options.CalibrationImages) is { } arrays ? arrays
        : spec is null ? throw new EdgeException(FailureKind.Usage, $"{path}: the network's input is not a picture of 1 or 3 channels; "
            + "calibrate it with numpy arrays of its input's shape (.npy, or .npz with an array for each input)")
        : Pictures.Open(path, spec, options.CalibrationImages);

    private static Pictures? OpenPictures(string? directory, PreprocessSpec? spec, int atMost) =>
        directory is null ? null
        : spec is null ? throw new EdgeException(
            FailureKind.Usage, $"{directory}: the network's input is not a picture of 1 or 3 channels, so pictures cannot evaluate it")
        : Pictures.Open(directory, spec, atMost);

    // The network, and what makes it again with more layers in fp32; null for one that came int8.
    private static (QuantizedNetwork Network, Func<IReadOnlyList<string>, QuantizedNetwork>? Keep) Quantize(
        SourceNetwork source, ExportOptions options, PreprocessSpec? spec, Samples? calibration, Action<string> log, ProgressDisplay progress)
    {
        if (source.IsQuantized) return (new(source.Graph, source.Graph), null);
        if (calibration is null) throw new EdgeException(FailureKind.Usage, ExportOptions.NeedsCalibration);
        var choices = options.Quantization with { Pixels = calibration is Pictures ? PixelGrid.Of(spec!) : null, Progress = progress };
        QuantizedNetwork Make(QuantizationOptions with) =>
            Quantizer.Quantize(source.Graph, with, g => GraphEngine.LoadForCalibration(g, options.Threads), calibration.Count, calibration.Feed);

        var network = Make(choices);
        var analysis = new SensitivityAnalysis(g => GraphEngine.Load(g, options.Threads), progress);
        var kept = AccuracyFallback.Choose(network, options.LeastSqnrDb, analysis, new(calibration.Count, calibration.Feed), log);
        if (kept.Count > 0)
        {
            choices = choices with { KeepFp32 = choices.KeepFp32.With(kept) };
            network = Make(choices);
        }

        QuantizedNetwork Keep(IReadOnlyList<string> floats) => Make(choices with { KeepFp32 = choices.KeepFp32.With(floats) });
        if (options.MaxSlowdownPercent == 0) return (network, Keep);
        var sensitivity = MeasureSensitivity(options, source, SensitivityScope.Layers, network.Fp32, network.Int8, calibration, null, [], progress)!;
        var floats = FloatLayers.Choose(network, sensitivity, engine => calibration.Feed(engine, 0), options.MaxSlowdownPercent, log);
        if (floats.Count == 0) return (network, Keep);
        choices = choices with { KeepFp32 = choices.KeepFp32.With(floats) };
        return (Make(choices), Keep);
    }

    private static EvaluationResult Evaluate(
        ExportOptions options, QuantizedNetwork network, Pictures pictures, int[] classes, ProgressDisplay progress)
    {
        using var pool = GraphEngine.LoadPool(network.Int8, options.Threads);
        bool compares = !ReferenceEquals(network.Fp32, network.Int8); // one that came int8 has no float form to compare with
        using var reference = compares ? GraphEngine.LoadPool(network.Fp32, options.Threads) : null;
        return Evaluator.Run(pool.Engines, reference?.Engines, pictures, classes, progress);
    }

    // Null when it is not wanted, when there are no pictures, or for a network that came int8: its float form is not known.
    private static SensitivityReport? MeasureSensitivity(
        ExportOptions options, SourceNetwork source, SensitivityScope scope, Graph fp32, Graph graph, Samples? calibration, Pictures? evaluation,
        int[] classes, ProgressDisplay progress)
    {
        if (scope == SensitivityScope.None || source.IsQuantized || (calibration ?? evaluation) is not { } samples) return null;
        var labelled = evaluation is null ? null : new SensitivityPictures(evaluation.Count, evaluation.Feed, classes);
        return new SensitivityAnalysis(g => GraphEngine.Load(g, options.Threads), progress)
            .Measure(fp32, options.IsInt8 ? graph : null, scope, new(samples.Count, samples.Feed), labelled);
    }

    private static Manifest Describe(
        ExportOptions options, SourceNetwork source, PreprocessSpec? spec, IReadOnlyList<ModelState>? states, Accuracy? accuracy,
        List<Golden> golden) => new()
        {
            Name = source.Architecture,
            ModelVersion = options.ModelVersion,
            ExporterVersion = BuildInfo.Version,
            Precision = options.Precision,
            Inputs = [.. source.Graph.Inputs.Select(
                i => new ManifestInput(i.Name, ElementNames.Name(i.Type), i.Shape.Dimensions.ToArray(), i.Shape.Rank == 4 ? "NCHW" : null))],
            States = states,
            Preprocess = spec is null ? null : ManifestPreprocess.From(spec),
            Golden = GoldenVectors.Describe(golden, options.Precision),
            Accuracy = accuracy is null ? null
                : options.Precision != Precisions.Fp32 && !source.IsQuantized ? new(
                    accuracy.Images, accuracy.Right, accuracy.Top1, accuracy.ReferenceRight, accuracy.ReferenceTop1, accuracy.Agreement)
                : new(accuracy.Images, accuracy.Right, accuracy.Top1, accuracy.Right, accuracy.Top1, 1),
        };
}
