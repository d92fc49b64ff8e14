using ResNetEdge.Model;
using ResNetEdge.Packages;

namespace ResNetEdge.Cli.Inputs;

/// <summary>The shapes of the arrays in the first file that a model is to be run on, read when a model asks for them.</summary>
internal static class FedShapes
{
    /// <summary>Tells the shape of an input by its name, or null where no array says it.</summary>
    /// <param name="operands">The files, as on the command line; pictures say nothing.</param>
    public static Func<string, Shape?> Of(IReadOnlyList<string> operands)
    {
        var arrays = new Lazy<Func<string, Shape?>>(() => Read(operands.Count > 0 ? operands[0] : ""));
        return name => arrays.Value(name);
    }

    private static Func<string, Shape?> Read(string path)
    {
        switch (File.Exists(path) ? Path.GetExtension(path).ToLowerInvariant() : "")
        {
            case ".npy":
                var shape = Npy.Read(path).Shape;
                return _ => shape;
            case ".npz":
                var shapes = Npz.Read(path).ToDictionary(static array => array.Key, static array => array.Value.Shape, StringComparer.Ordinal);
                return name => shapes.TryGetValue(name, out var found) ? found : null;
            default: return static _ => null;
        }
    }
}
