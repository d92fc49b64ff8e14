using ResNetEdge.Exporter.Checks;
using ResNetEdge.Exporter.Datasets;
using ResNetEdge.Exporter.Evaluation;
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

/// <summary>The whole export: checkpoint → graph → passes → int8 → evaluation gate → package. Nothing is written before the gate is passed.</summary>
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

        using var calibration = OpenPictures(options.Calibration, spec, options.CalibrationImages);
        using var evaluation = OpenPictures(options.Evaluate, spec, int.MaxValue);
        int[] classes = evaluation?.Classes(options.Evaluate!, labels) ?? [];
        if (options.Calibration is not null && calibration!.Count < calibration.Available)
            log($"calibrating on {calibration.Count} of {calibration.Available} pictures, evenly spread");

        double? divergence = null;
        if (options.IsInt8 && calibration is not null && !source.IsQuantized) divergence = CalibrationGuard.Check(source, options, spec!, log);
        else CalibrationGuard.CheckForm(source, options, spec, log);

        var (graph, fp32) = options.IsInt8 ? Quantize(source, options, spec, calibration, log, progress) : new(source.Float(), source.Graph);
        using var engine = GraphEngine.Load(graph, options.Threads);
        SensitivityReport? Measure(SensitivityScope scope) =>
            MeasureSensitivity(options, source, scope, fp32, graph, calibration, evaluation, classes, progress);
        var evaluated = evaluation is null ? null
            : Evaluate(options, fp32, graph, evaluation, classes, labels, log, () => Measure(SensitivityScope.Layers), progress);
        var golden = GoldenVectors.Make(graph, engine, evaluation ?? calibration, options.IsInt8);
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
            CalibrationImages = options.IsInt8 ? calibration?.Count : null,
            CalibrationDivergenceNats = divergence is { } nats ? Math.Round(nats, 4) : null,
            CalibratedBy = options.IsInt8 && calibration is not null ? options.Quantization.Method.Name : null,
            Evaluation = evaluated is null ? null : EvaluateReport.Of(evaluated, engine.Name, options.Precision, labels),
            DropPoints = evaluated?.Reference is not null ? Math.Round(AccuracyGate.DropPoints(evaluated.Accuracy), 4) : null,
        };
    }

    private static Pictures? OpenPictures(string? directory, PreprocessSpec? spec, int atMost) =>
        directory is null ? null
        : spec is null ? throw new EdgeException(
            FailureKind.Usage, $"{directory}: the network's input is not a picture of 1 or 3 channels, so pictures cannot calibrate or evaluate it")
        : Pictures.Open(directory, spec, atMost);

    private static QuantizedNetwork Quantize(
        SourceNetwork source, ExportOptions options, PreprocessSpec? spec, Pictures? calibration, Action<string> log, ProgressDisplay progress)
    {
        if (source.IsQuantized) return new(source.Graph, source.Graph);
        if (calibration is null) throw new EdgeException(FailureKind.Usage, ExportOptions.NeedsCalibration);
        var choices = options.Quantization with { Pixels = PixelGrid.Of(spec!), Progress = progress };
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

        if (options.MaxSlowdownPercent == 0) return network;
        var sensitivity = MeasureSensitivity(options, source, SensitivityScope.Layers, network.Fp32, network.Int8, calibration, null, [], progress)!;
        var floats = FloatLayers.Choose(network, sensitivity, new PictureSet(calibration), options.MaxSlowdownPercent, log);
        return floats.Count == 0 ? network : Make(choices with { KeepFp32 = choices.KeepFp32.With(floats) });
    }

    private static EvaluationResult Evaluate(
        ExportOptions options, Graph fp32, Graph graph, Pictures pictures, int[] classes, string[] labels, Action<string> log,
        Func<SensitivityReport?> measure, ProgressDisplay progress)
    {
        using var pool = GraphEngine.LoadPool(graph, options.Threads);
        bool compares = options.IsInt8 && !ReferenceEquals(fp32, graph); // a network that came int8 has no float form to compare with
        using var reference = compares ? GraphEngine.LoadPool(fp32, options.Threads) : null;
        var result = Evaluator.Run(pool.Engines, reference?.Engines, pictures, classes, progress);
        LabelCheck.Require(result, result.Reference ?? result.Answers, labels, options.AcceptsLabels, log);
        if (compares) AccuracyGate.Check(result.Accuracy, options.MaxDropPoints, () => GateAdvice.Of(measure()));
        return result;
    }

    // Null when it is not wanted, when there are no pictures, or for a network that came int8: its float form is not known.
    private static SensitivityReport? MeasureSensitivity(
        ExportOptions options, SourceNetwork source, SensitivityScope scope, Graph fp32, Graph graph, Pictures? calibration, Pictures? evaluation,
        int[] classes, ProgressDisplay progress)
    {
        if (scope == SensitivityScope.None || source.IsQuantized || (calibration ?? evaluation) is not { } pictures) return null;
        var labelled = evaluation is null ? null : new SensitivityPictures(evaluation.Count, evaluation.Feed, classes);
        return new SensitivityAnalysis(g => GraphEngine.Load(g, options.Threads), progress)
            .Measure(fp32, options.IsInt8 ? graph : null, scope, new(pictures.Count, pictures.Feed), labelled);
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
            Golden = new(golden.Count, GoldenVectors.MaxAbsDifference(golden, options.IsInt8)),
            Accuracy = accuracy is null ? null
                : options.IsInt8 && !source.IsQuantized ? new(
                    accuracy.Images, accuracy.Right, accuracy.Top1, accuracy.ReferenceRight, accuracy.ReferenceTop1, accuracy.Agreement)
                : new(accuracy.Images, accuracy.Right, accuracy.Top1, accuracy.Right, accuracy.Top1, 1),
        };
}
