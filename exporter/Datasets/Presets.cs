using ResNetEdge.Preprocess;

namespace ResNetEdge.Exporter.Datasets;

/// <summary>Known data sets: how their pictures are fed to networks trained on them, and what their classes are called.</summary>
internal static class Presets
{
    private static readonly float[] ImagenetMean = [0.485f, 0.456f, 0.406f];
    private static readonly float[] ImagenetStd = [0.229f, 0.224f, 0.225f];

    private static readonly string[] Cifar10 = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    /// <summary>One entry per data set.</summary>
    public static readonly Preset[] All =
    [
        new("cifar10", 3, 32, ResizeMode.Exact, 0, ImagenetMean, ImagenetStd, Cifar10),
        // The image classification network of MLPerf Tiny takes pixels as they are, 0 to 255.
        new("mlperf-tiny", 3, 32, ResizeMode.Exact, 0, [0, 0, 0], [1 / 255f, 1 / 255f, 1 / 255f], Cifar10),
        new("imagenet", 3, 224, ResizeMode.ShortestSide, 256, ImagenetMean, ImagenetStd, ImagenetClasses.Names),
        new("fashion-mnist", 1, 28, ResizeMode.Exact, 0, [0.2860f], [0.3530f],
            ["T-shirt_top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle_boot"]),
    ];

    /// <summary>The data set of that name.</summary>
    /// <exception cref="EdgeException">Exit 2: there is none.</exception>
    public static Preset Find(string name) => Array.Find(All, preset => preset.Name == name)
        ?? throw new EdgeException(FailureKind.Usage, $"unknown preset '{name}'; known presets: {string.Join(", ", All.Select(p => p.Name))}");
}

/// <summary>What <c>--preset</c> fills in; single options override it.</summary>
/// <param name="Name">As on the command line.</param>
/// <param name="Channels">1 (gray) or 3 (RGB).</param>
/// <param name="Size">Height and width of the input, in pixels.</param>
/// <param name="Resize">How a picture comes to that size.</param>
/// <param name="ResizeSize">Shortest side before the crop, in pixels, at <paramref name="Size"/>; scales with another input size.</param>
/// <param name="Mean">[Channels], of values 0 to 1.</param>
/// <param name="Std">[Channels].</param>
/// <param name="Labels">Class names in the order of the network's outputs.</param>
internal sealed record Preset(string Name, int Channels, int Size, ResizeMode Resize, int ResizeSize, float[] Mean, float[] Std, string[] Labels);
