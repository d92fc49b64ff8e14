using ResNetEdge.Model;

namespace ResNetEdge.Operators.Resampling;

/// <summary>What a Resize node says of how it samples, the same for every axis.</summary>
internal readonly struct ResizeRule(Node node)
{
    private readonly string _mode = node.Attributes.String("mode", "nearest");

    /// <summary>Which element of the output is where in the input.</summary>
    public string Coordinates { get; } = node.Attributes.String("coordinate_transformation_mode", "half_pixel");

    /// <summary>How a place between two elements is rounded.</summary>
    public string NearestMode { get; } = node.Attributes.String("nearest_mode", "round_prefer_floor");

    /// <summary>Keys' coefficient.</summary>
    public double CubicCoefficient { get; } = node.Attributes.Float("cubic_coeff_a", -0.75f);

    /// <summary>Whether elements outside of the input have no weight; else the edge is repeated.</summary>
    public bool ExcludesOutside { get; } = node.Attributes.Int("exclude_outside", 0) != 0;

    /// <summary>Whether the window grows as the output shrinks.</summary>
    public bool IsAntialiased { get; } = node.Attributes.Int("antialias", 0) != 0;

    /// <summary>Value of places outside of the input, with a region of interest.</summary>
    public float Extrapolation { get; } = node.Attributes.Float("extrapolation_value", 0);

    /// <summary>Whether it takes the nearest element.</summary>
    public bool IsNearest => _mode == "nearest";

    /// <summary>Whether it interpolates with cubics.</summary>
    public bool IsCubic => _mode == "cubic";

    /// <summary>Whether only a region of the input is resized.</summary>
    public bool UsesRegion => Coordinates == "tf_crop_and_resize";
}
