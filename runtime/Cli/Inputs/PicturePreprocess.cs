using ResNetEdge.Model;
using ResNetEdge.Preprocess;

namespace ResNetEdge.Cli.Inputs;

/// <summary>How pictures become a model's input: as its package says; for a bare ONNX file, options and defaults decide, and are reported.</summary>
/// <param name="Mean">From the command line, or null.</param>
/// <param name="Std">From the command line, or null.</param>
/// <param name="Note">Told what is assumed.</param>
internal sealed record PicturePreprocess(float[]? Mean, float[]? Std, Action<string> Note)
{
    /// <summary>The specification for a model.</summary>
    /// <exception cref="EdgeException">Exit 2: options that do not fit. Exit 3: the model takes no pictures.</exception>
    public PreprocessSpec For(LoadedModel model, in InputBuffer input)
    {
        if (model.Manifest is { } manifest)
        {
            if (Mean != null || Std != null)
                throw new EdgeException(FailureKind.Usage, $"--mean and --std are for bare ONNX files; the package '{model.Path}' has its own");
            return manifest.Preprocess?.ToSpec()
                ?? throw EdgeException.BadInput($"the package '{model.Path}' does not describe its preprocessing; give an .npy file");
        }

        if (input.Channels is not (1 or 3))
            throw EdgeException.BadInput($"the model's input has {input.Channels} channels; pictures have 1 or 3: give an .npy file");
        bool takesPixels = model.Engine.Inputs[0].Type == ElementType.UInt8;
        if (takesPixels && (Mean != null || Std != null))
            throw new EdgeException(
                FailureKind.Usage, $"--mean and --std are for float inputs; '{model.Path}' takes pixels as bytes and normalises them itself");
        CheckLength(Mean, "--mean", input.Channels);
        CheckLength(Std, "--std", input.Channels);
        if (Std != null && Std.Contains(0)) throw new EdgeException(FailureKind.Usage, "--std divides, so none of its numbers may be 0");
        bool square = input.Height == input.Width;
        var spec = new PreprocessSpec
        {
            Height = input.Height,
            Width = input.Width,
            Resize = square ? ResizeMode.ShortestSide : ResizeMode.Exact,
            ResizeSize = square ? input.Height : 0,
            Color = input.Channels == 1 ? ColorOrder.Gray : ColorOrder.Rgb,
            Mean = Mean ?? new float[input.Channels],
            Std = Std ?? [.. Enumerable.Repeat(1f, input.Channels)],
        };
        Note($"'{model.Path}' is a bare ONNX file and does not describe its preprocessing; assuming: {Words(spec, takesPixels)}");
        return spec;
    }

    private static string Words(PreprocessSpec spec, bool takesPixels)
    {
        string size = spec.Resize == ResizeMode.Exact
            ? $"resized to {spec.Width}x{spec.Height}"
            : $"shorter side resized to {spec.ResizeSize}, {spec.Width}x{spec.Height} cropped from the center";
        bool plain = spec.Mean.All(m => m == 0) && spec.Std.All(s => s == 1);
        return $"{size}, {(spec.Color == ColorOrder.Gray ? "gray" : "RGB")}, "
            + (takesPixels ? "pixels as bytes, 0 to 255"
                : plain ? "value/255 (change this with --mean and --std)"
                : $"(value/255 - {string.Join(',', spec.Mean)}) / {string.Join(',', spec.Std)}");
    }

    private static void CheckLength(float[]? values, string option, int channels)
    {
        if (values != null && values.Length != channels)
            throw new EdgeException(
                FailureKind.Usage, $"{option} needs {channels} numbers, one per channel of the model's input, not {values.Length}");
    }
}
