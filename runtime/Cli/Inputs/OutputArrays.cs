using ResNetEdge.Engines;
using ResNetEdge.Model;
using ResNetEdge.Packages;

namespace ResNetEdge.Cli.Inputs;

/// <summary>Collects every output of every item of one input file, and writes each as one array, batch first.</summary>
internal sealed class OutputArrays
{
    private readonly string _folder;
    private readonly string _inputName;
    private readonly int _items;
    private readonly IReadOnlyList<TensorInfo> _outputs;
    private readonly string[] _names;
    private readonly byte[][] _bytes; // [output][items × its bytes]

    /// <summary>Prepares to collect the outputs of an input file.</summary>
    /// <param name="folder">Where the files go.</param>
    /// <param name="inputName">First part of their names.</param>
    /// <param name="items">Runs to come.</param>
    /// <param name="outputs">The engine's.</param>
    public OutputArrays(string folder, string inputName, int items, IReadOnlyList<TensorInfo> outputs)
    {
        (_folder, _inputName, _items, _outputs) = (folder, inputName, items, outputs);
        _names = OutputNames.Of([.. outputs.Select(o => o.Name)]);
        _bytes = [.. outputs.Select(o => new byte[checked(o.ByteCount() * items)])];
    }

    /// <summary>Creates the folder if need be.</summary>
    /// <exception cref="EdgeException">Exit 5: not allowed, or no room.</exception>
    public static void Prepare(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw EdgeException.Unavailable($"the folder '{folder}' cannot be created: {e.Message}", e);
        }
    }

    /// <summary>Takes what the engine's outputs hold.</summary>
    public void Add(IEngine engine, int item)
    {
        for (int i = 0; i < _outputs.Count; i++)
        {
            int bytes = _outputs[i].ByteCount();
            engine.GetOutputBytes(i, _bytes[i].AsSpan(item * bytes, bytes));
        }
    }

    /// <summary>Writes <c>folder/input.output.npy</c> for every output.</summary>
    /// <exception cref="EdgeException">Exit 5: the disk is full or not writable.</exception>
    public void Write()
    {
        for (int i = 0; i < _outputs.Count; i++)
        {
            var output = _outputs[i];
            byte[] bytes = _bytes[i];
            AtomicFile.Write(
                Path.Combine(_folder, $"{_inputName}.{_names[i]}.npy"),
                stream => Npy.Write(stream, TypeInFile(output.Type), BatchShape(output.Shape), bytes));
        }
    }

    // numpy has no bfloat16; its bits are written.
    private static ElementType TypeInFile(ElementType type) => type == ElementType.BFloat16 ? ElementType.UInt16 : type;

    /// <summary>One item keeps the model's shape; several extend its first dimension where that is the batch of 1, else get one in front.</summary>
    private Shape BatchShape(Shape shape)
    {
        if (_items == 1) return shape;
        var dimensions = shape.Dimensions;
        return dimensions.Length > 0 && dimensions[0] == 1 ? new Shape([_items, .. dimensions[1..]]) : new Shape([_items, .. dimensions]);
    }
}
