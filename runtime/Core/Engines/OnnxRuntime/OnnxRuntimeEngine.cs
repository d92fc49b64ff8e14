using System.Runtime.InteropServices;
using ResNetEdge.Model;
using ResNetEdge.Preprocess;

namespace ResNetEdge.Engines.OnnxRuntime;

/// <summary>
/// ONNX Runtime on the CPU, through its C API. All optimisations on, one inter-op thread, spinning as the library's default.
/// Inputs and outputs are made once over native memory, so a run allocates no managed memory.
/// </summary>
/// <remarks>
/// Input shapes are read as the fused engine reads them (<see cref="DeclaredInput"/>). Where an output's declared shape has free dimensions, the
/// constructor runs the network once on zeros and takes the shapes it sees; a model whose output shape depends on the data is then refused by the
/// library at the first run that differs.
/// </remarks>
internal sealed unsafe class OnnxRuntimeEngine : IEngine
{
    /// <summary>The engine's name on the command line.</summary>
    public const string EngineName = "onnxruntime";

    private readonly OnnxRuntimeApi _api;
    private readonly OnnxRuntimeSession _session;
    private readonly string _model;
    private readonly OnnxRuntimeValue[] _inputs;
    private readonly OnnxRuntimeValue[] _outputs;
    private readonly (int Input, int Output)[] _passed; // outputs that are inputs: the library leaves memory of ours for them as it is
    private bool _disposed;
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
        _session = new OnnxRuntimeSession(_api, model, options.Threads, what);
        (_inputs, _outputs, _passed) = ([], [], []);
        try
        {
            _inputs = MakeInputs(model.Shapes, what);
            _outputs = MakeOutputs(what);
            _handles = Table(_inputs, _outputs);
            _passed = Passed();
        }
        catch
        {
            Dispose();
            throw;
        }

        Inputs = [.. _inputs.Select(v => v.Info)];
        Outputs = [.. _outputs.Select(v => v.Info)];
    }

    private OnnxRuntimeEngine(OnnxRuntimeEngine other)
    {
        (_api, _session, _model, LibraryVersion) = (other._api, other._session, other._model, other.LibraryVersion);
        (Inputs, Outputs, _inputs, _outputs, _passed) = (other.Inputs, other.Outputs, [], [], other._passed);
        _session.Share();
        try
        {
            string what = $"cannot run '{_model}'";
            _inputs = Make([.. Inputs], what);
            _outputs = Make([.. Outputs], what);
            _handles = Table(_inputs, _outputs);
        }
        catch
        {
            Dispose();
            throw;
        }
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
        ObjectDisposedException.ThrowIf(_disposed, this);
        void* status = Run(_handles, _inputs.Length, _outputs.Length);
        if (status != null) _api.Check(status, $"cannot run '{_model}'");
        foreach (var (input, output) in _passed) NativeMemory.Copy(_inputs[input].Data, _outputs[output].Data, (nuint)_outputs[output].Bytes);
    }

    /// <inheritdoc/>
    public void GetOutput<T>(int index, Span<T> values) where T : unmanaged => _outputs[index].Elements<T>(values.Length).CopyTo(values);

    /// <inheritdoc/>
    public IEngine Fork() => new OnnxRuntimeEngine(this);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        foreach (var value in _inputs) value.Dispose();
        foreach (var value in _outputs) value.Dispose();
        _session.Dispose();
        NativeMemory.Free(_handles);
        _handles = null;
    }

    private (int Input, int Output)[] Passed() =>
        [.. _outputs.Select((output, i) => (Input: InputOf(output.Info.Name), Output: i)).Where(passed => passed.Input >= 0)];

    private int InputOf(string name) => Array.FindIndex(_inputs, input => input.Info.Name == name);

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
        return _api.Run(_session.Handle, names, table, inputs, names + inputs, table + inputs, outputs);
    }

    private OnnxRuntimeValue[] MakeInputs(InputShapes shapes, string what)
    {
        var declared = new DeclaredInput[_api.InputCount(_session.Handle, what)];
        for (int i = 0; i < declared.Length; i++) declared[i] = _api.Input(_session.Handle, i, what);
        return Make([.. shapes.Fix(declared, _model).Select(input => Info(input.Name, input.Type, input.Sizes(_model), what))], what);
    }

    private OnnxRuntimeValue[] MakeOutputs(string what)
    {
        int count = _api.OutputCount(_session.Handle, what);
        var names = new string[count];
        var types = new (ElementType Type, long[] Dimensions)[count];
        for (int i = 0; i < count; i++) (names[i], types[i]) = (_api.OutputName(_session.Handle, i, what), _api.OutputType(_session.Handle, i, what));
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
