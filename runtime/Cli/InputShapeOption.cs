using System.Globalization;
using ResNetEdge.CommandLine;
using ResNetEdge.Model;

namespace ResNetEdge.Cli;

/// <summary><c>--input-shape</c>: shapes for inputs of which a model leaves dimensions open.</summary>
internal static class InputShapeOption
{
    /// <summary>A name and a whole shape; whether they fit is told when the model is read.</summary>
    public static Option Option { get; } = new("--input-shape", "NAME=DxDxD",
        "Shape of an input that the model leaves open, such as x=1x3x320x320; once for each input. An open batch is 1 without it.", Repeats: true);

    /// <summary>The shapes that the command line gives, by input name.</summary>
    /// <exception cref="EdgeException">Usage: not a name and a shape, or a name given twice.</exception>
    /// <param name="arguments">The command line.</param>
    /// <param name="fed">Shapes of what will be fed, by input; null when nothing is known of it.</param>
    public static InputShapes Read(Arguments arguments, Func<string, Shape?>? fed = null)
    {
        var shapes = new Dictionary<string, Shape>(StringComparer.Ordinal);
        foreach (string text in arguments.Values(Option.Name))
        {
            int equals = text.LastIndexOf('=');
            if (equals < 1 || Parse(text[(equals + 1)..]) is not { } shape)
                throw Arguments.Usage($"option '{Option.Name}' needs an input's name and its whole shape, such as x=1x3x320x320, not '{text}'");
            if (!shapes.TryAdd(text[..equals], shape)) throw Arguments.Usage($"option '{Option.Name}' was given twice for input '{text[..equals]}'");
        }

        return new InputShapes(shapes) { Fed = fed };
    }

    /// <summary>Numbers with an x between, no more elements than a value may have; else null.</summary>
    private static Shape? Parse(string text)
    {
        string[] parts = text.Split('x');
        var dimensions = new int[parts.Length];
        long count = 1;
        for (int i = 0; i < parts.Length; i++)
        {
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out dimensions[i])) return null;
            if ((count *= dimensions[i]) > Model.Shape.MaxElements) return null;
        }

        return new Shape(dimensions);
    }
}
