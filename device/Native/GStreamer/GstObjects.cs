namespace ResNetEdge.Device.Native.GStreamer;

/// <summary>How setting a property went.</summary>
internal enum PropertyOutcome
{
    /// <summary>It has the value.</summary>
    Done,

    /// <summary>The object has no writable property of that name.</summary>
    Unknown,

    /// <summary>The property does not accept the value.</summary>
    Refused,
}

/// <summary>Objects of GObject and GStreamer: references, properties, signals, and the texts that calls hand over.</summary>
internal sealed unsafe class GstObjects(GstExports exports)
{
    private const nint StringType = 16 << 2; // G_TYPE_STRING
    private const uint Writable = 2; // G_PARAM_WRITABLE

    private readonly nint _unref = exports.App("gst_object_unref"), _unrefMini = exports.App("gst_mini_object_unref"),
        _refMini = exports.App("gst_mini_object_ref"), _name = exports.App("gst_object_get_name"),
        _free = exports.App("g_free"), _freeError = exports.App("g_error_free"),
        _find = exports.App("g_object_class_find_property"), _setProperty = exports.App("g_object_set_property"),
        _getProperty = exports.App("g_object_get_property"), _initValue = exports.App("g_value_init"), _unsetValue = exports.App("g_value_unset"),
        _setString = exports.App("g_value_set_string"), _getBoxed = exports.App("g_value_get_boxed"),
        _deserialize = exports.App("gst_value_deserialize"), _connect = exports.App("g_signal_connect_data"),
        _getUlong = exports.App("gst_structure_get_uint64");

    /// <summary>Gives a reference to an element, pad, bus or clock back; nothing for 0.</summary>
    public void Unref(nint item)
    {
        if (item != 0) ((delegate* unmanaged<nint, void>)_unref)(item);
    }

    /// <summary>Gives a reference to a sample, message or capabilities back; nothing for 0.</summary>
    public void UnrefMini(nint item)
    {
        if (item != 0) ((delegate* unmanaged<nint, void>)_unrefMini)(item);
    }

    /// <summary>Takes one more reference to a sample, message or capabilities.</summary>
    public nint RefMini(nint item) => ((delegate* unmanaged<nint, nint>)_refMini)(item);

    /// <summary>Name of an element.</summary>
    public string NameOf(nint item) => item == 0 ? "" : TakeText(((delegate* unmanaged<nint, byte*>)_name)(item));

    /// <summary>Text that is the caller's to free, as a string.</summary>
    public string TakeText(byte* text)
    {
        string read = NativeText.Read(text);
        ((delegate* unmanaged<void*, void>)_free)(text);
        return read;
    }

    /// <summary>The words of an error, which is freed; empty for null.</summary>
    public string TakeText(GError* error)
    {
        if (error == null) return "";
        string read = NativeText.Read(error->Message);
        ((delegate* unmanaged<GError*, void>)_freeError)(error);
        return read;
    }

    /// <summary>Sets a property from text, as gst-launch-1.0 reads it; a property that is text itself gets it as it is.</summary>
    public PropertyOutcome Set(nint element, string property, string text)
    {
        using var name = new NativeText(property);
        // A GObject's first field is its class.
        var found = ((delegate* unmanaged<nint, byte*, GParamSpec*>)_find)(*(nint*)element, name.Pointer);
        if (found == null || (found->Flags & Writable) == 0) return PropertyOutcome.Unknown;
        GValue value = default;
        ((delegate* unmanaged<GValue*, nint, GValue*>)_initValue)(&value, found->ValueType);
        try
        {
            using var words = new NativeText(text);
            if (found->ValueType == StringType) ((delegate* unmanaged<GValue*, byte*, void>)_setString)(&value, words.Pointer);
            else if (((delegate* unmanaged<GValue*, byte*, int>)_deserialize)(&value, words.Pointer) == 0) return PropertyOutcome.Refused;
            ((delegate* unmanaged<nint, byte*, GValue*, void>)_setProperty)(element, name.Pointer, &value);
            return PropertyOutcome.Done;
        }
        finally
        {
            ((delegate* unmanaged<GValue*, void>)_unsetValue)(&value);
        }
    }

    /// <summary>A number of the structure that a property holds; 0 where there is none. Allocates nothing that is managed.</summary>
    /// <param name="element">Its owner.</param>
    /// <param name="property">Its name, ending in a zero.</param>
    /// <param name="type">GType of structures, which is the property's.</param>
    /// <param name="field">Of the structure, ending in a zero.</param>
    public ulong NumberIn(nint element, ReadOnlySpan<byte> property, nint type, ReadOnlySpan<byte> field)
    {
        GValue value = default;
        ulong number = 0;
        ((delegate* unmanaged<GValue*, nint, GValue*>)_initValue)(&value, type);
        fixed (byte* name = property, inside = field)
        {
            ((delegate* unmanaged<nint, byte*, GValue*, void>)_getProperty)(element, name, &value);
            nint structure = ((delegate* unmanaged<GValue*, nint>)_getBoxed)(&value);
            if (structure != 0) _ = ((delegate* unmanaged<nint, byte*, ulong*, int>)_getUlong)(structure, inside, &number);
        }

        ((delegate* unmanaged<GValue*, void>)_unsetValue)(&value);
        return number;
    }

    /// <summary>Has a function called at each signal.</summary>
    /// <param name="item">That sends it.</param>
    /// <param name="signal">Its name.</param>
    /// <param name="call">Called on whatever thread sends it.</param>
    /// <param name="data">The last argument of each call.</param>
    public void Connect(nint item, string signal, void* call, nint data)
    {
        using var name = new NativeText(signal);
        _ = ((delegate* unmanaged<nint, byte*, void*, nint, void*, int, nuint>)_connect)(item, name.Pointer, call, data, null, 0);
    }
}
