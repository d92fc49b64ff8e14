using ResNetEdge.Naming;

namespace ResNetEdge.Model;

/// <summary>Shapes that a caller gives to inputs of which a model file leaves dimensions open.</summary>
internal sealed class InputShapes
{
    private readonly Dictionary<string, Shape> _given;

    /// <summary>Copies what was given.</summary>
    /// <param name="given">Whole shapes, by input name.</param>
    public InputShapes(IReadOnlyDictionary<string, Shape> given) => _given = new(given, StringComparer.Ordinal);

    /// <summary>Nothing given: every shape is the file's.</summary>
    public static InputShapes None { get; } = new(new Dictionary<string, Shape>());

    /// <summary>
    /// Fills in the open dimensions. One that has a name gets its size in every input that names it, so that the shape of one input may
    /// settle others; dimensions about which nothing was given stay open.
    /// </summary>
    /// <param name="declared">All inputs of the model, in their order.</param>
    /// <param name="model">What messages call the model.</param>
    /// <returns>The inputs in the same order.</returns>
    /// <exception cref="EdgeException">Usage: no such input, or a shape that contradicts the declared one or another given one.</exception>
    public IReadOnlyList<DeclaredInput> Fix(IReadOnlyList<DeclaredInput> declared, string model)
    {
        if (_given.Count == 0) return declared;
        var sizes = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (name, shape) in _given)
        {
            var input = declared.FirstOrDefault(d => d.Name == name) ?? throw Unknown(name, declared, model);
            Check(input, shape, model);
            for (int axis = 0; axis < shape.Rank; axis++)
            {
                if (input.Dimensions[axis] is not { Size: null, Symbol: { Length: > 0 } symbol } || sizes.TryAdd(symbol, shape[axis])) continue;
                var (first, second) = (sizes[symbol], shape[axis]);
                if (first != second)
                    throw Usage($"{model}: the given shapes make dimension '{symbol}' both {first} and {second}; it has one size everywhere");
            }
        }

        return [.. declared.Select(input => input with { Dimensions = [.. input.Dimensions.Select((d, axis) => Filled(input, d, axis, sizes))] })];
    }

    private static void Check(DeclaredInput input, Shape shape, string model)
    {
        string given = $"{model}: the shape {shape} given for input '{input.Name}'";
        if (shape.Rank != input.Dimensions.Length)
            throw Usage($"{given} has {Dimensions(shape.Rank)}, but the model declares {Dimensions(input.Dimensions.Length)} ({input.ShapeText})");
        for (int axis = 0; axis < shape.Rank; axis++)
        {
            if (shape[axis] < 1) throw Usage($"{given} is empty; every dimension must be at least 1");
            if (input.Dimensions[axis].Size is { } size && size != shape[axis])
                throw Usage($"{given} has {shape[axis]} in dimension {axis}, which is fixed at {size} in the model ({input.ShapeText})");
        }
    }

    private DeclaredDimension Filled(DeclaredInput input, DeclaredDimension declared, int axis, Dictionary<string, long> sizes) =>
        declared.Size is not null ? declared
        : _given.TryGetValue(input.Name, out var shape) ? declared with { Size = shape[axis] }
        : sizes.TryGetValue(declared.Symbol, out long size) ? declared with { Size = size }
        : declared;

    private static EdgeException Unknown(string name, IReadOnlyList<DeclaredInput> declared, string model) =>
        Usage($"{model}: it has no input '{name}' to give a shape to; {Spelling.Suggestion(name, [.. declared.Select(d => d.Name)])}");

    private static string Dimensions(int rank) => rank == 1 ? "1 dimension" : $"{rank} dimensions";

    private static EdgeException Usage(string message) => new(FailureKind.Usage, message);
}
