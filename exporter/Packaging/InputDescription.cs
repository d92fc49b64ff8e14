using ResNetEdge.Device;
using ResNetEdge.Exporter.Datasets;
using ResNetEdge.Exporter.Import;
using ResNetEdge.Exporter.Options;
using ResNetEdge.Model;
using ResNetEdge.Preprocess;

namespace ResNetEdge.Exporter.Packaging;

/// <summary>Preset, options and the network's own input, made into one description of how pictures are fed and what the classes are called.</summary>
internal static class InputDescription
{
    /// <summary>How a picture becomes the network's input; null for a network whose input is not a picture.</summary>
    /// <param name="options">The user's; they override the preset.</param>
    /// <param name="input">The network's first input.</param>
    /// <param name="pixels">What the model file itself says, or null; the preset and the options override it.</param>
    /// <exception cref="EdgeException">Exit 2: mean or std of the wrong count, a std of 0, a preset
    /// or --input of another number of channels than the network.</exception>
    public static PreprocessSpec? Preprocessing(ExportOptions options, TensorInfo input, PixelRange? pixels = null)
    {
        if (input.Shape.Rank != 4 || input.Shape[1] is not (1 or 3)) return null;
        var (channels, height, width) = (input.Shape[1], input.Shape[2], input.Shape[3]);
        if (options.Input is { } asked && asked != (channels, height, width))
            throw new EdgeException(
                FailureKind.Usage, $"--input is {asked.Channels}x{asked.Height}x{asked.Width}, but the network takes {channels}x{height}x{width}");
        if (options.Preset is { } preset && preset.Channels != channels)
            throw new EdgeException(
                FailureKind.Usage, $"preset '{preset.Name}' has {preset.Channels}-channel pictures, but the network takes {channels} channels");

        if (pixels is { IsFixed: true } && (options.Mean is not null || options.Std is not null))
            throw new EdgeException(
                FailureKind.Usage, "--mean and --std do not apply: this network takes pixels from 0 to 255 and normalises them itself");
        var range = pixels is { IsFixed: true } ? null : options.Preset; // whose mean and std the network has in itself
        float[] mean = [.. options.Mean ?? range?.Mean ?? Enumerable.Repeat(pixels?.Mean ?? 0, channels)];
        float[] std = [.. options.Std ?? range?.Std ?? Enumerable.Repeat(pixels?.Std ?? 1, channels)];
        if (mean.Length != channels || std.Length != channels)
            throw new EdgeException(FailureKind.Usage,
                $"the network takes {channels} channels, so --mean and --std need {channels} numbers each, not {mean.Length} and {std.Length}");
        if (std.Any(s => s <= 0)) throw new EdgeException(FailureKind.Usage, "--std needs positive numbers");
        if (input.Type != ElementType.Float32 && pixels is { } steps)
            for (int c = 0; c < channels; c++) (mean[c], std[c]) = steps.InSteps(mean[c], std[c]);

        bool crops = options.Preset?.Resize == ResizeMode.ShortestSide;
        return new()
        {
            Height = height,
            Width = width,
            Color = channels == 1 ? ColorOrder.Gray : ColorOrder.Rgb,
            Mean = mean,
            Std = std,
            Resize = options.Preset?.Resize ?? ResizeMode.Exact,
            ResizeSize = crops ? (int)Math.Round((double)Math.Max(height, width) * options.Preset!.ResizeSize / options.Preset.Size) : 0,
        };
    }

    /// <summary>Class names in the order of the network's outputs, each once; empty when neither a file nor a preset gives them.</summary>
    /// <param name="options">The user's.</param>
    /// <param name="classes">Outputs of the network.</param>
    /// <param name="own">Those that the model file carries; taken when the user names none and they fit.</param>
    /// <param name="log">Told of names that stand there more than once, and are numbered.</param>
    /// <exception cref="EdgeException">Exit 2: as many as the network has classes are needed. Exit 3: the file cannot be read.</exception>
    public static string[] Labels(ExportOptions options, int classes, IReadOnlyList<string>? own = null, Action<string>? log = null)
    {
        if (options.Labels is null && options.Preset is null && own is not null) return own.Count == classes ? LabelFile.Numbered(own) : [];
        string[] labels = options.Labels is { } path ? LabelFile.Read(path) : options.Preset?.Labels ?? [];
        if (labels.Length != 0 && labels.Length != classes)
        {
            throw new EdgeException(FailureKind.Usage,
                $"{(options.Labels is null ? $"preset '{options.Preset!.Name}'" : options.Labels)} names {labels.Length} classes, "
                    + $"but the network has {classes} outputs");
        }

        string[] numbered = LabelFile.Numbered(labels);
        int[] changed = [.. Enumerable.Range(0, labels.Length).Where(i => labels[i] != numbered[i])];
        if (changed.Length > 0)
            log?.Invoke($"{options.Labels}: {changed.Length} names occur more than once and were numbered: "
                + $"{string.Join(", ", changed.Take(4).Select(i => $"line {i + 1} is '{numbered[i]}'"))}");
        return numbered;
    }
}
