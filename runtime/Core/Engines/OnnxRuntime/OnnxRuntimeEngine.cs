using System.Runtime.InteropServices;
using ResNetEdge.Model;
using ResNetEdge.Packages;
using ResNetEdge.Preprocess;

namespace ResNetEdge.Engines.OnnxRuntime;

/// <summary>
/// ONNX Runtime on the CPU or on a provider that was asked for, through its C API. All optimisations on, one inter-op thread, spinning as the
/// library's default. Inputs and outputs are made once over native memory, so a run allocates no managed memory.
/// </summary>
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
    /// <exception cref="EdgeException">
    /// Unavailable: the library is missing or lacks what the model needs. BadInput: the library refuses the model. Usage: the source's shapes do not
    /// fit it.
    /// </exception>
    public OnnxRuntimeEngine(ModelSource model, EngineOptions options)
    {
        if (options.Isa != null)
        {
            throw EdgeException.Unavailable(
                $"kernel tier '{options.Isa}' cannot be forced on engine '{EngineName}', which chooses its own kernels; leave out --isa");
        }

        var library = OnnxRuntimeLibrary.Load();
        (_api, _model, LibraryVersion) = (library.Api, model.Name, library.Version);
        string what = $"cannot load '{_model}'";
        _session = new OnnxRuntimeSession(library, model, options);
        (_inputs, _outputs, _passed) = ([], [], []);
        try
        {
            _inputs = Make(_session.ReadInputs(model.Shapes), what);
            _outputs = Make(_session.ReadOutputs(_inputs), what);
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

    /// <inheritdoc/>
    public IReadOnlyList<string> Notes => _session.Notes;

    /// <summary>Version of the library, for reports.</summary>
    public string LibraryVersion { get; }

    /// <inheritdoc/>
    public IReadOnlyList<TensorInfo> Inputs { get; }

    /// <inheritdoc/>
    public IReadOnlyList<TensorInfo> Outputs { get; }

    /// <inheritdoc/>
    public void SetInput<T>(int index, ReadOnlySpan<T> values) where T : unmanaged
    {
        var input = _inputs[index];
        var given = ElementTypes.Of<T>();
        if (given == ElementType.Float32 && given != input.Info.Type && given.StandsFor(input.Info.Type))
            EdgeFloats.Narrow(input.Info.Type, MemoryMarshal.Cast<T, float>(values), input.Content(given, values.Length));
        else MemoryMarshal.AsBytes(values).CopyTo(input.Content(given, values.Length));
    }

    /// <inheritdoc/>
    /// <exception cref="EdgeException">Exit 3: the input is not a picture.</exception>
    public InputBuffer ImageInput(int index, int image = 0)
    {
        var info = _inputs[index].Info;
        if (!PlainImage.Takes(info))
        {
            throw EdgeException.BadInput(
                $"input '{info.Name}' of '{_model}' is {info.Type} {info.Shape}, which is not a picture of floats or bytes; feed it an .npy file");
        }

        return PlainImage.Of(_inputs[index].Data, info, image);
    }

    /// <inheritdoc/>
    /// <exception cref="EdgeException">Exit 3: the library failed on this input.</exception>
    public void Run()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        void* status = _session.Run(_handles, _inputs.Length, _outputs.Length);
        if (status != null) _api.Check(status, $"cannot run '{_model}'");
        foreach (var (input, output) in _passed) NativeMemory.Copy(_inputs[input].Data, _outputs[output].Data, (nuint)_outputs[output].Bytes);
    }

    /// <inheritdoc/>
    public void GetOutput<T>(int index, Span<T> values) where T : unmanaged
    {
        var output = _outputs[index];
        var wanted = ElementTypes.Of<T>();
        if (wanted == ElementType.Float32 && wanted != output.Info.Type && wanted.StandsFor(output.Info.Type))
            EdgeFloats.Widen(output.Info.Type, output.Content(wanted, values.Length), MemoryMarshal.Cast<T, float>(values));
        else output.Content(wanted, values.Length).CopyTo(MemoryMarshal.AsBytes(values));
    }

    /// <inheritdoc/>
    public IEngine Fork(int? threads = null) => new OnnxRuntimeEngine(this);

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
}
