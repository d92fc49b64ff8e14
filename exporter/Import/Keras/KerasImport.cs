using ResNetEdge.Exporter.Import.Hdf5;

namespace ResNetEdge.Exporter.Import.Keras;

/// <summary>
/// Keras models saved whole in HDF5: <c>model.save("x.h5")</c> of Keras 2 and 3. A file of weights alone holds no graph and is refused.
/// </summary>
internal static class KerasImport
{
    /// <summary>Whether the first bytes are HDF5's.</summary>
    public static bool Matches(string path, ReadOnlySpan<byte> head) => head.StartsWith(Hdf5File.Signature);

    /// <summary>Reads a model file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="size">Height and width in pixels for a model whose own are open; null when the user names none.</param>
    /// <exception cref="EdgeException">Exit 3: missing, damaged, hostile, weights alone, or with a
    /// layer that is not read, which is named.</exception>
    public static ImportedModel Read(string path, (int Height, int Width)? size)
    {
        var file = new Hdf5File(path, ModelFormats.ReadAll(path));
        string config = file.Root.Texts("model_config") is [var text] ? text
            : throw EdgeException.BadInput($"{path}: an HDF5 file without a Keras model's configuration: "
                + "it contains only weights, or something else; save the whole model with model.save(\"model.h5\")");
        var weights = file.Root.Find("model_weights")
            ?? throw EdgeException.BadInput($"{path}: a Keras model without weights; save it again with model.save(\"model.h5\")");
        bool isKeras3 = file.Root.Texts("keras_version") is [var version] && version.StartsWith("3.", StringComparison.Ordinal);
        return KerasConverter.Convert(KerasModel.Parse(path, config) with { IsKeras3 = isKeras3 }, weights, size);
    }
}
