using ResNetEdge.Engines;
using ResNetEdge.Exporter.Datasets;
using ResNetEdge.Model;
using ResNetEdge.Pixels;
using ResNetEdge.Preprocess;

namespace ResNetEdge.Exporter.Evaluation;

/// <summary>The pictures of a folder as a network's input. One decoded picture is in memory at a time. Not thread-safe.</summary>
internal sealed class Pictures : Samples
{
    private readonly IReadOnlyList<PictureFile> _files;
    private readonly PreprocessSpec _spec;
    private readonly PictureReader _reader = new();
    private readonly Picture _picture = new();
    private readonly Dictionary<(ElementType, ChannelSteps?), Preprocessor> _preprocessors = [];
    private int _decoded = -1;

    private Pictures(IReadOnlyList<PictureFile> files, int available, PreprocessSpec spec) => (_files, Available, _spec) = (files, available, spec);

    /// <inheritdoc/>
    public override int Available { get; }

    /// <inheritdoc/>
    public override int Count => _files.Count;

    /// <summary>Lists a folder; reads no picture yet.</summary>
    /// <param name="directory">Pictures, or one folder of pictures per class.</param>
    /// <param name="spec">How a picture becomes the input.</param>
    /// <param name="atMost">Take so many at most, evenly spread over the whole list, so that every class has its share.</param>
    /// <exception cref="EdgeException">Exit 3: no such folder, or no picture in it.</exception>
    public static Pictures Open(string directory, PreprocessSpec spec, int atMost = int.MaxValue)
    {
        var all = PictureFolder.List(directory);
        return new(all.Count <= atMost ? all : [.. Enumerable.Range(0, atMost).Select(i => all[(int)((long)i * all.Count / atMost)])],
            all.Count, spec);
    }

    /// <summary>The same pictures for another thread, which disposes them.</summary>
    public Pictures Fork() => new(_files, Available, _spec);

    /// <summary>Some of the pictures, to be disposed of on their own.</summary>
    /// <param name="indices">Their numbers here.</param>
    public Pictures Subset(IReadOnlyList<int> indices) => new([.. indices.Select(i => _files[i])], Available, _spec);

    /// <summary>The class of every picture, as its place in the labels.</summary>
    /// <param name="directory">Named in the refusal.</param>
    /// <param name="labels">Class names in the order of the network's outputs.</param>
    /// <exception cref="EdgeException">Exit 3: pictures without class folders, or a folder that is not a label.</exception>
    public int[] Classes(string directory, IReadOnlyList<string> labels)
    {
        if (labels.Count == 0)
            throw EdgeException.BadInput(
                $"{directory}: the package has no labels to compare the folder names with; export it with --labels or --preset");
        var places = labels.Select((label, i) => (label, i)).ToDictionary(p => p.label, p => p.i, StringComparer.Ordinal);
        if (labels.SequenceEqual(ImagenetClasses.Names, StringComparer.Ordinal))
            for (int i = 0; i < labels.Count; i++) places.TryAdd(ImagenetClasses.Ids[i], i); // ImageNet's own folders
        return [.. _files.Select(file => file.Label is null
            ? throw EdgeException.BadInput($"{directory}: holds pictures without classes; put them into one folder per class, named after the label")
            : places.TryGetValue(file.Label, out int place) ? place
            : throw EdgeException.BadInput($"{directory}: the folder '{file.Label}' is not named after a label; the labels are {Some(labels)}"))];
    }

    /// <summary>Writes picture number <paramref name="index"/> into an engine's first input.</summary>
    /// <exception cref="EdgeException">Exit 3: the file is not a picture, or the model takes none.</exception>
    public override void Feed(IEngine engine, int index) => Write(index, engine.ImageInput(0));

    /// <inheritdoc/>
    public override unsafe Tensor[] Inputs(int index, IReadOnlyList<TensorInfo> inputs)
    {
        var info = inputs[0];
        byte[] values = new byte[info.ByteCount()];
        fixed (byte* data = values) Write(index, PlainImage.Of(data, info, 0));
        return [new(info.Type, info.Shape, values)];
    }

    /// <summary>Picture number <paramref name="index"/> as a float input.</summary>
    /// <param name="index">0 .. Count-1.</param>
    /// <returns>[channels][height][width], normalised.</returns>
    public float[] Read(int index) =>
        Inputs(index, [new("picture", ElementType.Float32, new Shape(1, _spec.Channels, _spec.Height, _spec.Width))])[0].ToFloats();

    /// <inheritdoc/>
    public override void Dispose()
    {
        _reader.Dispose();
        _picture.Dispose();
        foreach (var preprocessor in _preprocessors.Values) preprocessor.Dispose();
    }

    private void Write(int index, in InputBuffer input)
    {
        string path = _files[index].Path;
        if (_decoded != index)
        {
            _decoded = -1; // a picture that fails half-way must not be taken for the next one's
            _reader.Read(path, _picture);
            _decoded = index;
        }

        if (!_preprocessors.TryGetValue((input.Type, input.Steps), out var preprocessor))
            _preprocessors.Add((input.Type, input.Steps), preprocessor = new Preprocessor(_spec, input));
        preprocessor.Write(_picture, path, input);
    }

    private static string Some(IReadOnlyList<string> labels) =>
        string.Join(", ", labels.Take(10)) + (labels.Count > 10 ? $" and {labels.Count - 10} more" : "");
}
