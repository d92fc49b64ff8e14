using System.Runtime.InteropServices;
using System.Text;
using ResNetEdge.Model;

namespace ResNetEdge.Engines.OnnxRuntime;

/// <summary>
/// The functions of ONNX Runtime's C API that this project calls, by their slots in the <c>OrtApi</c> table. The table only ever
/// grows at its end, so a slot is part of the library's binary interface. Handles are opaque pointers; who creates one releases it.
/// </summary>
internal sealed unsafe partial class OnnxRuntimeApi
{
    private const int AllOptimizations = 99;
    private const int DeviceAllocator = 0;
    private const int DefaultMemory = 0;
    private const int TensorType = 1;

    private readonly void** _slots;
    private readonly Lock _gate = new();
    private void* _environment;

    /// <summary>Wraps a table as returned by <c>OrtApiBase.GetApi</c>.</summary>
    public OnnxRuntimeApi(void** slots) => _slots = slots;

    /// <summary>What a status of ONNX Runtime says about whose fault a failure is.</summary>
    private enum ErrorCode
    {
        InvalidArgument = 2,
        NotImplemented = 9,
        ExecutionProvider = 11,
    }

    /// <summary>The process's one environment, created on first use.</summary>
    public void* Environment
    {
        get
        {
            lock (_gate)
            {
                if (_environment != null) return _environment;
                void* created;
                fixed (byte* name = "resnetedge\0"u8)
                {
                    var create = (delegate* unmanaged[Cdecl]<void*, void*, int, byte*, void**, void*>)_slots[4];
                    Check(create(OnnxRuntimeLog.Function, null, OnnxRuntimeLog.Severity, name, &created), "starting ONNX Runtime");
                }

                return _environment = created;
            }
        }
    }

    /// <summary>Creates a session on the CPU with all optimisations; the library copies what it needs of <paramref name="model"/>.</summary>
    public void* CreateSession(ReadOnlySpan<byte> model, string? path, int threads, string what)
    {
        void* options = CreateOptions(threads, what);
        try
        {
            void* session;
            Check(TryCreate(model, path, options, &session), what);
            return session;
        }
        finally
        {
            ReleaseOptions(options);
        }
    }

    private void* CreateOptions(int threads, string what)
    {
        void* options;
        Check(((delegate* unmanaged[Cdecl]<void**, void*>)_slots[10])(&options), what);
        try
        {
            Check(((delegate* unmanaged[Cdecl]<void*, int, void*>)_slots[23])(options, AllOptimizations), what);
            Check(((delegate* unmanaged[Cdecl]<void*, int, void*>)_slots[24])(options, threads), what);
            Check(((delegate* unmanaged[Cdecl]<void*, int, void*>)_slots[25])(options, 1), what);
            return options;
        }
        catch
        {
            ReleaseOptions(options);
            throw;
        }
    }

    private void ReleaseOptions(void* options) => ((delegate* unmanaged[Cdecl]<void*, void>)_slots[100])(options);

    private void* TryCreate(ReadOnlySpan<byte> model, string? path, void* options, void** session)
    {
        if (path != null)
        {
            fixed (byte* file = Encoding.UTF8.GetBytes(path + "\0"))
                return ((delegate* unmanaged[Cdecl]<void*, byte*, void*, void**, void*>)_slots[7])(Environment, file, options, session);
        }

        fixed (byte* bytes = model)
        {
            var create = (delegate* unmanaged[Cdecl]<void*, byte*, nuint, void*, void**, void*>)_slots[8];
            return create(Environment, bytes, (nuint)model.Length, options, session);
        }
    }

    public int InputCount(void* session, string what) => Count(session, 30, what);

    public int OutputCount(void* session, string what) => Count(session, 31, what);

    public string OutputName(void* session, int index, string what) => Name(session, index, 37, what);

    /// <summary>Name, type and dimensions of an input, as the model declares them.</summary>
    public DeclaredInput Input(void* session, int index, string what)
    {
        string name = Name(session, index, 36, what);
        return WithDeclaredType(session, index, 33, what, tensor =>
        {
            var (type, dimensions) = TypeAndShape((void*)tensor, what);
            var symbols = new nint[dimensions.Length]; // part of the tensor's type: not to be released
            fixed (nint* s = symbols)
            {
                var read = (delegate* unmanaged[Cdecl]<void*, byte**, nuint, void*>)_slots[63];
                Check(read((void*)tensor, (byte**)s, (nuint)symbols.Length), what);
            }

            return new DeclaredInput(name, type, [.. dimensions.Select((size, i) => Dimension(size, symbols[i]))]);
        });
    }

    private static DeclaredDimension Dimension(long size, nint symbol) => size >= 0 ? new(size, "") : new(null, Utf8((byte*)symbol));

    /// <summary>Declared type and dimensions of an output; a free dimension is -1.</summary>
    public (ElementType Type, long[] Dimensions) OutputType(void* session, int index, string what) =>
        WithDeclaredType(session, index, 34, what, tensor => TypeAndShape((void*)tensor, what));

    /// <summary>A tensor value over the caller's memory, which must outlive it.</summary>
    public void* CreateTensor(void* data, nuint bytes, ReadOnlySpan<long> dimensions, ElementType type, string what)
    {
        void* memory;
        Check(((delegate* unmanaged[Cdecl]<int, int, void**, void*>)_slots[69])(DeviceAllocator, DefaultMemory, &memory), what);
        try
        {
            void* value;
            fixed (long* dims = dimensions)
            {
                Check(((delegate* unmanaged[Cdecl]<void*, void*, nuint, long*, nuint, int, void**, void*>)_slots[49])(
                    memory, data, bytes, dims, (nuint)dimensions.Length, (int)type, &value), what);
            }

            return value;
        }
        finally
        {
            ((delegate* unmanaged[Cdecl]<void*, void>)_slots[94])(memory);
        }
    }

    /// <summary>Type and dimensions that a value has after a run.</summary>
    public (ElementType Type, long[] Dimensions) ValueType(void* value, string what)
    {
        void* info;
        Check(((delegate* unmanaged[Cdecl]<void*, void**, void*>)_slots[65])(value, &info), what);
        try
        {
            return TypeAndShape(info, what);
        }
        finally
        {
            ((delegate* unmanaged[Cdecl]<void*, void>)_slots[99])(info);
        }
    }

    /// <summary>
    /// Runs a session; a null in <paramref name="outputs"/> is allocated by the library. Allocates no managed memory unless it fails.
    /// </summary>
    /// <returns>Null, or a status for <see cref="Check"/>.</returns>
    public void* Run(void* session, byte** inputNames, void** inputs, int inputCount, byte** outputNames, void** outputs, int outputCount) =>
        ((delegate* unmanaged[Cdecl]<void*, void*, byte**, void**, nuint, byte**, nuint, void**, void*>)_slots[9])(
            session, null, inputNames, inputs, (nuint)inputCount, outputNames, (nuint)outputCount, outputs);

    public void ReleaseSession(void* session) => ((delegate* unmanaged[Cdecl]<void*, void>)_slots[95])(session);

    public void ReleaseValue(void* value) => ((delegate* unmanaged[Cdecl]<void*, void>)_slots[96])(value);

    /// <summary>Turns a status into an exception and releases it; null is success.</summary>
    /// <param name="status">As returned by the library.</param>
    /// <param name="what">What was tried, with the model's name; begins the sentence.</param>
    /// <exception cref="EdgeException">Exit 5 when the library lacks something the model needs, else exit 3.</exception>
    public void Check(void* status, string what)
    {
        if (status == null) return;
        var code = CodeOf(status);
        string message = $"{what}: ONNX Runtime says \"{Read(status)}\"";
        bool isMissing = code is ErrorCode.NotImplemented or ErrorCode.ExecutionProvider;
        throw isMissing ? EdgeException.Unavailable(message) : EdgeException.BadInput(message);
    }

    private ErrorCode CodeOf(void* status) => (ErrorCode)((delegate* unmanaged[Cdecl]<void*, int>)_slots[1])(status);

    /// <summary>What a status says, which is released.</summary>
    private string Read(void* status)
    {
        string message = Utf8(((delegate* unmanaged[Cdecl]<void*, byte*>)_slots[2])(status));
        ((delegate* unmanaged[Cdecl]<void*, void>)_slots[93])(status);
        return OneLine(message);
    }

    private static string OneLine(string message)
    {
        const int longest = 400;
        message = WithoutTag(WithoutSourcePlace(string.Join(' ', message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))));
        return message.Length <= longest ? message : message[..longest] + "...";
    }

    /// <summary>Drops where in the library's source it failed: <c>/onnxruntime_src/file.cc:1 type name(types) </c> says nothing to a user.</summary>
    internal static string WithoutSourcePlace(string message)
    {
        int start = message.IndexOf("/onnxruntime_src/", StringComparison.Ordinal);
        int open = start < 0 ? -1 : message.IndexOf('(', start);
        if (open < 0) return message;
        int depth = 0, end = open;
        do
        {
            depth += message[end] == '(' ? 1 : message[end] == ')' ? -1 : 0;
            end++;
        }
        while (depth > 0 && end < message.Length);
        return message[..start] + message[end..];
    }

    // "[ONNXRuntimeError] : 1 : FAIL : why" says "why".
    private static string WithoutTag(string message)
    {
        const string tag = "[ONNXRuntimeError] : ", colon = " : ";
        int start = message.IndexOf(tag, StringComparison.Ordinal);
        int code = start < 0 ? -1 : message.IndexOf(colon, start + tag.Length, StringComparison.Ordinal);
        int name = code < 0 ? -1 : message.IndexOf(colon, code + colon.Length, StringComparison.Ordinal);
        return name < 0 ? message.Trim() : $"{message[..start]}{message[(name + colon.Length)..]}".Trim();
    }

    private static string Utf8(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";

    private int Count(void* session, int slot, string what)
    {
        nuint count;
        Check(((delegate* unmanaged[Cdecl]<void*, nuint*, void*>)_slots[slot])(session, &count), what);
        return checked((int)count);
    }

    private string Name(void* session, int index, int slot, string what)
    {
        void* allocator;
        Check(((delegate* unmanaged[Cdecl]<void**, void*>)_slots[78])(&allocator), what); // the library's own: not to be released
        byte* name;
        Check(((delegate* unmanaged[Cdecl]<void*, nuint, void*, byte**, void*>)_slots[slot])(session, (nuint)index, allocator, &name), what);
        string copy = Utf8(name);
        Check(((delegate* unmanaged[Cdecl]<void*, void*, void*>)_slots[76])(allocator, name), what);
        return copy;
    }

    /// <summary>Reads the declared tensor type of an input or output, which lives only while it is read.</summary>
    private T WithDeclaredType<T>(void* session, int index, int slot, string what, Func<nint, T> read)
    {
        void* info;
        Check(((delegate* unmanaged[Cdecl]<void*, nuint, void**, void*>)_slots[slot])(session, (nuint)index, &info), what);
        try
        {
            int kind;
            Check(((delegate* unmanaged[Cdecl]<void*, int*, void*>)_slots[56])(info, &kind), what);
            if (kind != TensorType)
                throw EdgeException.Unavailable($"{what}: an input or output that is a sequence, map or optional is not supported, only tensors");
            void* tensor; // part of info: not to be released
            Check(((delegate* unmanaged[Cdecl]<void*, void**, void*>)_slots[55])(info, &tensor), what);
            return read((nint)tensor);
        }
        finally
        {
            ((delegate* unmanaged[Cdecl]<void*, void>)_slots[98])(info);
        }
    }

    private (ElementType Type, long[] Dimensions) TypeAndShape(void* info, string what)
    {
        int type;
        Check(((delegate* unmanaged[Cdecl]<void*, int*, void*>)_slots[60])(info, &type), what);
        nuint rank;
        Check(((delegate* unmanaged[Cdecl]<void*, nuint*, void*>)_slots[61])(info, &rank), what);
        var dimensions = new long[rank];
        fixed (long* dims = dimensions) Check(((delegate* unmanaged[Cdecl]<void*, long*, nuint, void*>)_slots[62])(info, dims, rank), what);
        return ((ElementType)type, dimensions);
    }
}
