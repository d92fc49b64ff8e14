using System.Runtime.InteropServices;
using ResNetEdge.Model;
using ResNetEdge.Packages;
using ResNetEdge.Preprocess;

namespace ResNetEdge.Engines.OnnxRuntime;

/// <summary>
/// ONNX Runtime on the CPU, through its C API. All optimisations on, one inter-op thread, spinning as the library's default.
/// Inputs and outputs are made once over native memory, so a run allocates no managed memory.
/// </summary>
/// <remarks>
/// A free first dimension of an input is taken as batch 1; any other free input dimension is refused. Where an output's declared shape
/// has free dimensions, the constructor runs the network once on zeros and takes the shapes it sees; a model whose output shape
/// depends on the data is then refused by the library at the first run that differs.
/// </remarks>
internal sealed unsafe class OnnxRuntimeEngine : IEngine
{
    /// <summary>The engine's name on the command line.</summary>
    public const string EngineName = "onnxruntime";

    private readonly OnnxRuntimeApi _api;
    private readonly string _model;
    private readonly OnnxRuntimeValue[] _inputs;
    private readonly OnnxRuntimeValue[] _outputs;
    private readonly (int Input, int Output)[] _passed; // outputs that are inputs: the library leaves memory of ours for them as it is
    private void* _session;
    private void** _handles; // [inputs + outputs] OrtValue*, then as many char* names

    /// <summary>Loads a model.</summary>
    /// <param name="model">The ONNX file; opened by path where it has one, so that weights stored beside it are found.</param>
    /// <param name="options">Threads; a kernel tier does not apply to this engine.</param>
    /// <exception cref="EdgeException">Exit 5: the library is missing or lacks what the model needs. Exit 3: the library refuses the model.</exception>
    public OnnxRuntimeEngine(ModelSource model, EngineOptions options)
    {
        if (options.Isa != null)
            throw EdgeException.Unavailable($"kernel tier '{options.Isa}' cannot be forced on engine '{EngineName}', which chooses its own kernels; leave out --isa");
        var library = OnnxRuntimeLibrary.Load();
        (_api, _model, LibraryVersion) = (library.Api, model.Name, library.Version);
        string what = $"cannot load '{_model}'";
        _session = _api.CreateSession(model.Path == null ? model.Bytes.Span : default, model.Path, options.Threads, what);
        (_inputs, _outputs, _passed) = ([], [], []);
        try
        {
            _inputs = MakeInputs(what);
            _outputs = MakeOutputs(what);
            _handles = Table(_inputs, _outputs);
            _passed = [.. _outputs.Select((output, i) => (Array.FindIndex(_inputs, input => input.Info.Name == output.Info.Name), i)).Where(pair => pair.Item1 >= 0)];
        }
        catch
        {
            Dispose();
            throw;
        }

        Inputs = [.. _inputs.Select(v => v.Info)];
        Outputs = [.. _outputs.Select(v => v.Info)];
    }

    /// <inheritdoc/>
    public string Name => EngineName;

    /// <summary>Version of the library, for reports.</summary>
    public string LibraryVersion { get; }

    /// <inheritdoc/>
    public IReadOnlyList<TensorInfo> Inputs { get; }

    /// <inheritdoc/>
    public IReadOnlyList<TensorInfo> Outputs { get; }

    /// <inheritdoc/>
    public void SetInput<T>(int index, ReadOnlySpan<T> values) where T : unmanaged => values.CopyTo(_inputs[index].Elements<T>(values.Length));

    /// <inheritdoc/>
    /// <exception cref="EdgeException">Exit 3: the input is not a picture.</exception>
    public InputBuffer ImageInput(int index, int image = 0)
    {
        var info = _inputs[index].Info;
        if (!PlainImage.Takes(info))
            throw EdgeException.BadInput($"input '{info.Name}' of '{_model}' is {info.Type} {info.Shape}, which is not a picture of floats or bytes; feed it an .npy file");
        return PlainImage.Of(_inputs[index].Data, info, image);
    }

    /// <inheritdoc/>
    /// <exception cref="EdgeException">Exit 3: the library failed on this input.</exception>
    public void Run()
    {
        ObjectDisposedException.ThrowIf(_session == null, this);
        void* status = Run(_handles, _inputs.Length, _outputs.Length);
        if (status != null) _api.Check(status, $"cannot run '{_model}'");
        foreach (var (input, output) in _passed) NativeMemory.Copy(_inputs[input].Data, _outputs[output].Data, (nuint)_outputs[output].Bytes);
    }

    /// <inheritdoc/>
    public void GetOutput<T>(int index, Span<T> values) where T : unmanaged => _outputs[index].Elements<T>(values.Length).CopyTo(values);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var value in _inputs) value.Dispose();
        foreach (var value in _outputs) value.Dispose();
        if (_session != null) _api.ReleaseSession(_session);
        NativeMemory.Free(_handles);
        _session = null;
        _handles = null;
    }

    private static void** Table(OnnxRuntimeValue[] inputs, OnnxRuntimeValue[] outputs)
    {
        int count = inputs.Length + outputs.Length;
        void** table = (void**)NativeMemory.Alloc((nuint)(2 * count), (nuint)sizeof(void*));
        for (int i = 0; i < count; i++)
        {
            var value = i < inputs.Length ? inputs[i] : outputs[i - inputs.Length];
            table[i] = value.Handle;
            table[count + i] = value.Name;
        }

        return table;
    }

    private void* Run(void** table, int inputs, int outputs)
    {
        byte** names = (byte**)(table + inputs + outputs);
        return _api.Run(_session, names, table, inputs, names + inputs, table + inputs, outputs);
    }

    private OnnxRuntimeValue[] MakeInputs(string what)
    {
        var infos = new TensorInfo[_api.InputCount(_session, what)];
        for (int i = 0; i < infos.Length; i++)
        {
            string name = _api.InputName(_session, i, what);
            var (type, dimensions) = _api.InputType(_session, i, what);
            if (dimensions.Length > 0 && dimensions[0] < 0) dimensions[0] = 1;
            int free = Array.FindIndex(dimensions, d => d < 0);
            if (free >= 0)
                throw EdgeException.BadInput($"{what}: dimension {free} of input '{name}' is left free; only the first (the batch, taken as 1) may be: export the model with a fixed input size");
            infos[i] = Info(name, type, dimensions, what);
        }

        return Make(infos, what);
    }

    private OnnxRuntimeValue[] MakeOutputs(string what)
    {
        int count = _api.OutputCount(_session, what);
        var names = new string[count];
        var types = new (ElementType Type, long[] Dimensions)[count];
        for (int i = 0; i < count; i++) (names[i], types[i]) = (_api.OutputName(_session, i, what), _api.OutputType(_session, i, what));
        if (types.Any(t => t.Dimensions.Any(d => d < 0))) types = SeenTypes(names, what);
        return Make([.. names.Select((name, i) => Info(name, types[i].Type, types[i].Dimensions, what))], what);
    }

    /// <summary>Runs once on zeros with outputs that the library allocates, and reads their shapes.</summary>
    private (ElementType Type, long[] Dimensions)[] SeenTypes(string[] outputNames, string what)
    {
        var (inputs, outputs) = (_inputs.Length, outputNames.Length);
        void** table = (void**)NativeMemory.AllocZeroed((nuint)(2 * (inputs + outputs)), (nuint)sizeof(void*));
        var values = table + inputs;
        var names = table + inputs + outputs;
        try
        {
            for (int i = 0; i < inputs; i++)
            {
                table[i] = _inputs[i].Handle;
                names[i] = _inputs[i].Name;
            }

            for (int i = 0; i < outputs; i++) names[inputs + i] = (void*)Marshal.StringToCoTaskMemUTF8(outputNames[i]);
            _api.Check(Run(table, inputs, outputs), what);
            var seen = new (ElementType, long[])[outputs];
            for (int i = 0; i < outputs; i++) seen[i] = _api.ValueType(values[i], what);
            return seen;
        }
        finally
        {
            for (int i = 0; i < outputs; i++)
            {
                if (values[i] != null) _api.ReleaseValue(values[i]);
                Marshal.FreeCoTaskMem((nint)names[inputs + i]);
            }

            NativeMemory.Free(table);
        }
    }

    private OnnxRuntimeValue[] Make(TensorInfo[] infos, string what)
    {
        var made = new List<OnnxRuntimeValue>(infos.Length);
        try
        {
            foreach (var info in infos) made.Add(new OnnxRuntimeValue(_api, info, what));
            return [.. made];
        }
        catch
        {
            foreach (var value in made) value.Dispose();
            throw;
        }
    }

    private static TensorInfo Info(string name, ElementType type, long[] dimensions, string what)
    {
        if (type is not (ElementType.Float32 or ElementType.Int64 or ElementType.Int32 or ElementType.UInt8 or ElementType.Int8 or ElementType.Bool))
            throw EdgeException.Unavailable($"{what}: '{name}' has element type {type}, which this program cannot feed or read");
        try
        {
            var shape = new Shape([.. dimensions.Select(d => checked((int)d))]);
            ModelBounds.CheckValue(name, type, shape);
            return new TensorInfo(name, type, shape);
        }
        catch (Exception e) when (e is ArgumentException or OverflowException)
        {
            throw EdgeException.BadInput($"{what}: '{name}' has the impossible shape {string.Join('x', dimensions)}", e);
        }
    }
}
