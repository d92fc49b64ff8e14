using ResNetEdge.Engines;
using ResNetEdge.Model;
using ResNetEdge.Packages;
using ResNetEdge.Pixels;

namespace ResNetEdge.Exporter.Evaluation;

/// <summary>
/// The items of numpy files as a network's inputs, for networks whose input is no picture: one <c>.npy</c> or <c>.npz</c> file, or a folder of
/// them. A leading batch dimension gives as many samples. One file is in memory at a time.
/// </summary>
internal sealed class ArraySamples : Samples
{
    private readonly IReadOnlyList<TensorInfo> _inputs;
    private readonly List<(string Path, int Item)> _samples = [];
    private (string Path, ArrayItems Items)? _open;

    private ArraySamples(IReadOnlyList<string> files, IReadOnlyList<TensorInfo> inputs, int atMost)
    {
        _inputs = inputs;
        var all = new List<(string, int)>();
        foreach (string file in files)
            for (int i = 0, count = Open(file).Count; i < count; i++) all.Add((file, i));
        Available = all.Count;
        int used = Math.Min(atMost, all.Count);
        for (int i = 0; i < used; i++) _samples.Add(all[(int)((long)i * all.Count / used)]);
    }

    /// <inheritdoc/>
    public override int Available { get; }

    /// <inheritdoc/>
    public override int Count => _samples.Count;

    /// <summary>Lists the samples of a path, or gives null where it holds none but pictures.</summary>
    /// <param name="path">A file, or a folder of files.</param>
    /// <param name="inputs">The network's.</param>
    /// <param name="atMost">Take so many at most, evenly spread.</param>
    /// <exception cref="EdgeException">Exit 3: arrays and other files mixed, a file that cannot be read or does not fit the inputs.</exception>
    public static ArraySamples? Open(string path, IReadOnlyList<TensorInfo> inputs, int atMost)
    {
        if (IsArray(path)) return new([path], inputs, atMost);
        string[] files = [.. PictureFolder.List(path).Select(static f => f.Path)];
        if (!Array.Exists(files, IsArray)) return null;
        return Array.Find(files, static f => !IsArray(f)) is { } other
            ? throw EdgeException.BadInput($"{path}: contains arrays and '{other}'; use a folder of .npy and .npz files, or one of pictures")
            : new(files, inputs, atMost);
    }

    /// <inheritdoc/>
    public override void Feed(IEngine engine, int index) => Open(_samples[index].Path).Feed(engine, _samples[index].Item);

    /// <inheritdoc/>
    public override Tensor[] Inputs(int index, IReadOnlyList<TensorInfo> inputs) => Open(_samples[index].Path).Item(inputs, _samples[index].Item);

    private static bool IsArray(string path) => Path.GetExtension(path) is ".npy" or ".npz";

    private ArrayItems Open(string path)
    {
        if (_open is { } open && open.Path == path) return open.Items;
        var items = Path.GetExtension(path) == ".npy"
            ? ArrayItems.Of(path, Npy.Read(path), _inputs)
            : ArrayItems.Of(path, Npz.Read(path), _inputs);
        _open = (path, items);
        return items;
    }
}
