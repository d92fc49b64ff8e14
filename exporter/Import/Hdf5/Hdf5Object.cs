
namespace ResNetEdge.Exporter.Import.Hdf5;

/// <summary>A group or a dataset: children, attributes, elements, read when asked for.</summary>
internal sealed class Hdf5Object
{
    private readonly List<Hdf5Message> _messages;
    private Dictionary<string, ulong>? _children;

    /// <summary>Reads the header of the object at an address.</summary>
    /// <param name="file">Its file.</param>
    /// <param name="address">Of its header.</param>
    /// <param name="name">Path within the file, for messages.</param>
    /// <exception cref="EdgeException">Exit 3: damaged.</exception>
    public Hdf5Object(Hdf5File file, ulong address, string name)
    {
        (File, Name) = (file, name);
        _messages = Hdf5Headers.Read(file, address, What);
    }

    /// <summary>The file that contains the object.</summary>
    public Hdf5File File { get; }

    /// <summary>Path within the file.</summary>
    public string Name { get; }

    private string What => $"object {Checkpoints.FileText.Quote(Name)}";

    /// <summary>The object of a path such as <c>conv1/conv1/kernel:0</c>, or null.</summary>
    /// <exception cref="EdgeException">Exit 3: damaged.</exception>
    public Hdf5Object? Find(string path)
    {
        var at = this;
        foreach (string name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!at.Children().TryGetValue(name, out ulong address)) return null;
            at = new(File, address, $"{at.Name.TrimEnd('/')}/{name}");
        }

        return at;
    }

    /// <summary>Text attributes of a name: one, a list, or a list that was split into name0, name1 ...; null when there is none.</summary>
    /// <exception cref="EdgeException">Exit 3: it is not text, or damaged.</exception>
    public IReadOnlyList<string>? Texts(string name)
    {
        if (Attribute(name) is { } whole) return whole;
        var parts = new List<string>();
        for (int i = 0; Attribute($"{name}{i}") is { } part; i++) parts.AddRange(part);
        return parts.Count == 0 ? null : parts;
    }

    /// <summary>The dataset's elements.</summary>
    /// <exception cref="EdgeException">Exit 3: it is not a dataset, of a type that is not read, or damaged.</exception>
    public Model.Tensor Read() => Hdf5Dataset.Read(File, What,
        Required(Hdf5Message.Dataspace, "dimensions"), Required(Hdf5Message.Datatype, "element type"), Required(Hdf5Message.Layout, "elements"),
        Optional(Hdf5Message.FilterPipeline));

    private Dictionary<string, ulong> Children() => _children ??= Hdf5Group.Children(File, What, _messages);

    private List<string>? Attribute(string name)
    {
        foreach (var message in _messages.Where(static m => m.Type == Hdf5Message.Attribute))
        {
            if (message.IsShared) throw File.Fail(What, "has a shared attribute, which is not supported; save the model again with h5py's defaults");
            if (Hdf5Attribute.NameOf(File, message.Body) == name) return Hdf5Attribute.Texts(File, message.Body, $"attribute '{name}' of {What}");
        }

        // Many attributes, or large ones, lie in a heap of their own in files of the newest version.
        if (Optional(Hdf5Message.AttributeInfo) is { } info && Hdf5Group.HasHeap(File, info.Body))
            throw File.Fail(
                What, "keeps its attributes in dense storage, which is not supported; save the model again with h5py's defaults (libver='earliest')");
        return null;
    }

    private Hdf5Message? Optional(int type) => _messages.Find(m => m.Type == type);

    private Hdf5Message Required(int type, string what)
    {
        var message = Optional(type) ?? throw File.Fail(What, $"has no {what}: it is not a dataset");
        return !message.IsShared ? message : throw File.Fail(What, $"shares its {what} with another object, which is not supported");
    }
}
