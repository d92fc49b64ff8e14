using System.Runtime.InteropServices;
using ResNetEdge.Model;
using ResNetEdge.Packages;

namespace ResNetEdge.Engines.OnnxRuntime;

/// <summary>
/// The library's session: a model loaded and optimised, with its weights. Runs may go through it at the same time, each on values of its own.
/// Whoever made it and every engine on it disposes of it once, and the last of them frees it.
/// </summary>
internal sealed unsafe class OnnxRuntimeSession : IDisposable
{
    private readonly OnnxRuntimeApi _api;
    private readonly string _model, _what;
    private readonly void* _handle; // OrtSession
    private int _users = 1;

    /// <summary>Loads a model.</summary>
    /// <exception cref="EdgeException">
    /// Unavailable: the library or a provider lacks what the model needs. BadInput: it refuses the model. Usage: no such provider or option of it.
    /// </exception>
    public OnnxRuntimeSession(OnnxRuntimeLibrary library, ModelSource model, EngineOptions options)
    {
        (_api, _model, _what) = (library.Api, model.Name, $"cannot load '{model.Name}'");
        var bytes = model.Path == null ? model.Bytes.Span : default;
        if (options.Provider is not { } name)
        {
            _handle = _api.CreateSession(bytes, model.Path, options.Threads, _what);
            return;
        }

        library.RequireProviders();
        var (session, nodes) = _api.CreateSession(bytes, model.Path, options, OnnxRuntimeProvider.Find(name), _what);
        _handle = (void*)session;
        Notes = [$"provider {name} of ONNX Runtime {library.Version} runs all {nodes} nodes"];
    }

    /// <summary>What the user should know of where it runs.</summary>
    public IReadOnlyList<string> Notes { get; } = [];

    /// <summary>Counts a further user.</summary>
    public void Share() => Interlocked.Increment(ref _users);

    /// <summary>The inputs, every dimension known as the fused engine knows it: given shapes, and batch 1 where it is open.</summary>
    /// <exception cref="EdgeException">
    /// BadInput: another dimension is open, or a shape is more than a model may ask for. Usage: the given shapes do not fit. Unavailable: an element
    /// type that cannot be fed.
    /// </exception>
    public TensorInfo[] ReadInputs(InputShapes shapes)
    {
        var declared = new DeclaredInput[_api.InputCount(_handle, _what)];
        for (int i = 0; i < declared.Length; i++) declared[i] = _api.Input(_handle, i, _what);
        return [.. shapes.Fix(declared, _model).Select(input => Info(input.Name, input.Type, input.Sizes(_model)))];
    }

    /// <summary>
    /// The outputs. Where a declared shape has open dimensions, the network runs once on the inputs as they are, and the shapes are those that it
    /// gives; a model whose output shape depends on the data is then refused by the library at the first run that differs.
    /// </summary>
    /// <exception cref="EdgeException">
    /// BadInput: that run fails, or a shape is more than a model may ask for. Unavailable: an element type that cannot be read.
    /// </exception>
    public TensorInfo[] ReadOutputs(OnnxRuntimeValue[] inputs)
    {
        int count = _api.OutputCount(_handle, _what);
        var names = new string[count];
        var types = new (ElementType Type, long[] Dimensions)[count];
        for (int i = 0; i < count; i++) (names[i], types[i]) = (_api.OutputName(_handle, i, _what), _api.OutputType(_handle, i, _what));
        if (types.Any(t => t.Dimensions.Any(d => d < 0))) types = SeenTypes(inputs, names);
        return [.. names.Select((name, i) => Info(name, types[i].Type, types[i].Dimensions))];
    }

    /// <summary>One inference. Allocates no managed memory unless it fails.</summary>
    /// <param name="table">OrtValue* of inputs and outputs, then as many char* names; a null output is allocated by the library.</param>
    /// <param name="inputs">How many inputs there are.</param>
    /// <param name="outputs">How many outputs there are.</param>
    /// <returns>Null, or a status for <see cref="OnnxRuntimeApi.Check"/>.</returns>
    public void* Run(void** table, int inputs, int outputs)
    {
        byte** names = (byte**)(table + inputs + outputs);
        return _api.Run(_handle, names, table, inputs, names + inputs, table + inputs, outputs);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Decrement(ref _users) == 0) _api.ReleaseSession(_handle);
    }

    /// <summary>Runs once on zeros with outputs that the library allocates, and reads their shapes.</summary>
    private (ElementType Type, long[] Dimensions)[] SeenTypes(OnnxRuntimeValue[] inputValues, string[] outputNames)
    {
        var (inputs, outputs) = (inputValues.Length, outputNames.Length);
        void** table = (void**)NativeMemory.AllocZeroed((nuint)(2 * (inputs + outputs)), (nuint)sizeof(void*));
        var values = table + inputs;
        var names = table + inputs + outputs;
        try
        {
            for (int i = 0; i < inputs; i++)
            {
                table[i] = inputValues[i].Handle;
                names[i] = inputValues[i].Name;
            }

            for (int i = 0; i < outputs; i++) names[inputs + i] = (void*)Marshal.StringToCoTaskMemUTF8(outputNames[i]);
            _api.Check(Run(table, inputs, outputs), _what);
            var seen = new (ElementType, long[])[outputs];
            for (int i = 0; i < outputs; i++) seen[i] = _api.ValueType(values[i], _what);
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

    private TensorInfo Info(string name, ElementType type, long[] dimensions)
    {
        if (!Enum.IsDefined(type) || type == ElementType.Undefined)
            throw EdgeException.Unavailable($"{_what}: '{name}' has element type {type}, which this program cannot feed or read");
        try
        {
            var shape = new Shape([.. dimensions.Select(d => checked((int)d))]);
            ModelBounds.CheckValue(name, type, shape);
            return new TensorInfo(name, type, shape);
        }
        catch (Exception e) when (e is ArgumentException or OverflowException)
        {
            throw EdgeException.BadInput($"{_what}: '{name}' has the impossible shape {string.Join('x', dimensions)}", e);
        }
    }
}
