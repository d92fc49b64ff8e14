using ResNetEdge.Model;

namespace ResNetEdge.Packages;

/// <summary>One golden vector: inputs and the outputs that they must give, each in the order of the model and in its own shape.</summary>
/// <param name="Inputs">One tensor per input.</param>
/// <param name="Outputs">One tensor per output.</param>
internal sealed record Golden(IReadOnlyList<Tensor> Inputs, IReadOnlyList<Tensor> Outputs)
{
    /// <summary>A package with more golden vectors is refused.</summary>
    public const int MaxCount = 1000;

    /// <summary>A longer golden file is refused.</summary>
    public const int MaxFileBytes = 256 << 20;

    /// <summary>The file of one input. Numbers, not names: names of values may hold anything.</summary>
    public static string InputFile(int vector, int input) => $"golden/{vector:D3}.input{input}.npy";

    /// <summary>The file of one output. Every level of a ladder has outputs of its own for the same inputs.</summary>
    public static string OutputFile(int vector, int output, int level = 0) =>
        level == 0 ? $"golden/{vector:D3}.output{output}.npy" : $"golden/level{level}/{vector:D3}.output{output}.npy";

    /// <summary>Reads one vector.</summary>
    /// <exception cref="EdgeException">Exit 3: a file is missing, damaged, or does not fit the manifest's inputs.</exception>
    public static Golden Read(PackageFiles files, Manifest manifest, int vector, int level = 0)
    {
        var inputs = Read(files, i => InputFile(vector, i));
        var outputs = Read(files, o => OutputFile(vector, o, level));
        if (inputs.Count != manifest.Inputs.Count)
            throw files.Fail($"golden vector {vector} has {inputs.Count} inputs where the model has {manifest.Inputs.Count}");
        if (outputs.Count == 0) throw files.Fail($"golden vector {vector} has no outputs{(level == 0 ? "" : $" at level {level}")}");
        foreach (var (tensor, input) in inputs.Zip(manifest.Inputs))
        {
            if (ElementNames.Name(tensor.Type) != input.Type || !tensor.Shape.Dimensions.SequenceEqual([.. input.Shape]))
                throw files.Fail(
                    $"golden vector {vector} has {tensor} for input '{input.Name}', which is {input.Type} of shape {string.Join('x', input.Shape)}");
        }

        return new Golden(inputs, outputs);
    }

    private static List<Tensor> Read(PackageFiles files, Func<int, string> name)
    {
        var tensors = new List<Tensor>();
        for (string file = name(0); files.Lengths.ContainsKey(file); file = name(tensors.Count))
            tensors.Add(Npy.Read(files.Read(file, MaxFileBytes), $"{files.Path}: {file}"));
        return tensors;
    }
}
